/* A stand-in for the file of a vault that keeps it in memory: a process may not have as many files
 * open as a nation has nodes. All of store/ above the file is real. The linker replaces the calls
 * (--wrap). */
#ifndef VIZ_SIM_MEMORY_FILE_H
#define VIZ_SIM_MEMORY_FILE_H

struct sim_file;

struct sim_file *sim_file_new(void);
void sim_file_free(struct sim_file *f);
struct sim_file *sim_file_copy(const struct sim_file *f);

/* The vault that is opened next has this file. A closed vault leaves it as it is. */
void sim_file_use(struct sim_file *f);

#endif
