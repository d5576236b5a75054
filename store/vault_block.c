#include "store/vault_inside.h"

#include <errno.h>
#include <unistd.h>
#include <zlib.h>

#define HEADER 12 /* magic, number, length, zeros */
#define SUMMED (HEADER + VIZ_VAULT_DATA)

static const uint8_t magic[4] = {'V', 'Z', 'K', '1'};

static uint32_t sum(const uint8_t *block)
{
	return (uint32_t)crc32(crc32(0, NULL, 0), block, SUMMED);
}

void viz_vault_block_pack(uint8_t *block, uint32_t number, const uint8_t *data, size_t len)
{
	VIZ_REQUIRE(len <= VIZ_VAULT_DATA);
	memset(block, 0, VIZ_VAULT_BLOCK);
	memcpy(block, magic, sizeof magic);
	viz_be_put_u32(block + 4, number);
	viz_be_put_u16(block + 8, (uint16_t)len);
	if (len)
		memcpy(block + HEADER, data, len);
	viz_be_put_u32(block + SUMMED, sum(block));
}

int viz_vault_block_unpack(const uint8_t *block, uint8_t *out, size_t *len, uint32_t number)
{
	size_t n = viz_be_get_u16(block + 8);

	if (memcmp(block, magic, sizeof magic) != 0 || viz_be_get_u32(block + 4) != number ||
	    n > VIZ_VAULT_DATA || viz_be_get_u32(block + SUMMED) != sum(block))
		return VIZ_ERR_STORE;
	memcpy(out, block + HEADER, n);
	*len = n;
	return 0;
}

bool viz_vault_block_is_zero(const uint8_t *block)
{
	return block[0] == 0 && memcmp(block, block + 1, VIZ_VAULT_BLOCK - 1) == 0;
}

int viz_vault_block_write(int fd, const uint8_t *block, uint32_t number)
{
	size_t done = 0;

	while (done < VIZ_VAULT_BLOCK) {
		off_t at = (off_t)number * VIZ_VAULT_BLOCK + (off_t)done;
		ssize_t n = pwrite(fd, block + done, VIZ_VAULT_BLOCK - done, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return VIZ_ERR_STORE;
		done += (size_t)n;
	}
	return 0;
}

int viz_vault_block_read(int fd, uint8_t *block, uint32_t number)
{
	size_t done = 0;

	while (done < VIZ_VAULT_BLOCK) {
		off_t at = (off_t)number * VIZ_VAULT_BLOCK + (off_t)done;
		ssize_t n = pread(fd, block + done, VIZ_VAULT_BLOCK - done, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return VIZ_ERR_STORE;
		done += (size_t)n;
	}
	return 0;
}
