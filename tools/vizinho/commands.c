/* The table of subcommands with their help. One line each here, the code in cmd_*.c. */
#include "tools/vizinho/command.h"

const struct viz_command viz_commands[] = {
    {"init",
     viz_cmd_init,
     {"cria a identidade deste nó", "makes this node's identity"},
     {"uso: vizinho init --offline DIR [--state DIR] [--config ARQUIVO] [--federation NOME]\n"
      "                    [--set TEMPO=MS]... [--name NOME] [--cnpj CNPJ] [--asn ASN]\n"
      "                    [--address IP:PORTA,...] [--whatsapp NUMERO] [--hours TEXTO]\n"
      "                    [--privacy EMAIL]\n\n"
      "Cria as chaves no diretório de estado e grava em --offline a próxima chave e a\n"
      "revogação da atual, que não devem ficar nesta máquina. Escreve uma configuração se\n"
      "ainda não houver. --set muda tempos de uma federação de teste.\n\n"
      "Exemplos:\n"
      "  vizinho init --offline /media/pendrive --name \"Fibra do Vale\" --asn 28000\n"
      "  vizinho init --offline ./fora --state ./no1 --federation teste \\\n"
      "               --set partner_delay_ms=1000\n",
      "usage: vizinho init --offline DIR [--state DIR] [--config FILE] [--federation NAME]\n"
      "                    [--set TIME=MS]... [--name NAME] [--cnpj CNPJ] [--asn ASN]\n"
      "                    [--address IP:PORT,...] [--whatsapp NUMBER] [--hours TEXT]\n"
      "                    [--privacy MAILBOX]\n\n"
      "Makes the keys in the state directory and writes to --offline the next key and the\n"
      "revocation of the current one, which must not stay on this machine. Writes a\n"
      "configuration when there is none. --set changes times of a test federation.\n\n"
      "Examples:\n"
      "  vizinho init --offline /media/stick --name \"Fibra do Vale\" --asn 28000\n"
      "  vizinho init --offline ./away --state ./node1 --federation test \\\n"
      "               --set partner_delay_ms=1000\n"}},
    {"status",
     viz_cmd_status,
     {"mostra como está este nó", "shows how this node is"},
     {"uso: vizinho status\n\nExemplo:\n  vizinho --json status\n",
      "usage: vizinho status\n\nExample:\n  vizinho --json status\n"}},
    {NULL, NULL, {NULL, NULL}, {NULL, NULL}},
};
