/* The table of subcommands with their help. One line each here, the code in cmd_*.c. */
#include "tools/vizinho/command.h"

const struct viz_command viz_commands[] = {
    {"init",
     viz_cmd_init,
     {"cria a identidade deste nó", "makes this node's identity"},
     {"uso: vizinho init --offline DIR [--state DIR] [--config ARQUIVO]\n"
      "                    [--federation NOME] [--set TEMPO=MS]...\n"
      "                    [--name NOME] [--cnpj CNPJ] [--asn ASN]\n"
      "                    [--address IP:PORTA,...] [--whatsapp NUMERO] [--hours TEXTO]\n"
      "                    [--privacy EMAIL]\n\n"
      "Cria as chaves no diretório de estado e grava em --offline a próxima chave e a\n"
      "revogação da atual, que não devem ficar nesta máquina. Escreve uma configuração se\n"
      "ainda não houver e --name for dado. --set muda tempos de uma federação de teste, em\n"
      "milissegundos; todos os nós dela precisam dos mesmos (`--set '?'` os lista).\n\n"
      "Exemplos:\n"
      "  vizinho init --offline /media/pendrive --name \"Fibra do Vale\" --asn 28000\n"
      "  vizinho init --offline ./fora --state ./no1 --federation teste \\\n"
      "               --set partner_delay_ms=1000\n",
      "usage: vizinho init --offline DIR [--state DIR] [--config FILE]\n"
      "                    [--federation NAME] [--set TIME=MS]...\n"
      "                    [--name NAME] [--cnpj CNPJ] [--asn ASN]\n"
      "                    [--address IP:PORT,...] [--whatsapp NUMBER] [--hours TEXT]\n"
      "                    [--privacy MAILBOX]\n\n"
      "Makes the keys in the state directory and writes to --offline the next key and the\n"
      "revocation of the current one, which must not stay on this machine. Writes a\n"
      "configuration when there is none and --name is given. --set changes times of a test\n"
      "federation, in milliseconds; all its nodes need the same (`--set '?'` lists them).\n\n"
      "Examples:\n"
      "  vizinho init --offline /media/stick --name \"Fibra do Vale\" --asn 28000\n"
      "  vizinho init --offline ./away --state ./node1 --federation test \\\n"
      "               --set partner_delay_ms=1000\n"}},
    {"status",
     viz_cmd_status,
     {"mostra como está este nó", "shows how this node is"},
     {"uso: vizinho status\n\nExemplo:\n  vizinho --json status\n",
      "usage: vizinho status\n\nExample:\n  vizinho --json status\n"}},
    {"analyze",
     viz_cmd_analyze,
     {"mostra para onde foram os clientes que saíram", "shows where the customers who left went"},
     {"uso: vizinho analyze [--coverage ARQUIVO]... [--partner NOME=ARQUIVO]... [--html ARQUIVO]\n"
      "                     [--csv] [--map PAPEL=COLUNA,...] [--addresses]\n"
      "                     [--rejects ARQUIVO|none] [--today AAAA-MM-DD] [--no-node] ARQUIVO...\n"
      "\n"
      "Lê a exportação de cancelamentos do ERP (CSV; - é a entrada padrão) e diz quem se\n"
      "mudou, para onde, quem você podia ter atendido e onde falta um vizinho. Não precisa\n"
      "do vizinhod nem de parceiro, e não mostra nome nem documento de ninguém. As linhas que\n"
      "não se leem ficam em ARQUIVO.rejects.csv: linha, coluna e motivo, nunca o valor.\n"
      "Se o vizinhod responde, contam também a cobertura que ele e os parceiros publicam;\n"
      "com --no-node, não. Com os pontos de `vizinho geo import`, um CEP de rua vale um ponto.\n"
      "\n"
      "Papéis de --map: data motivo obs valor cep_destino cidade_destino uf_destino\n"
      "ibge_destino destino numero_destino lat_destino lon_destino ponto_destino cep cidade\n"
      "uf ibge numero lat lon situacao documento.\n"
      "\n"
      "Exemplos:\n"
      "  vizinho analyze cancelamentos.csv\n"
      "  vizinho analyze --coverage rede.kmz --html relatorio.html cancelamentos.csv\n"
      "  vizinho analyze --map data=dt_canc,motivo=3 cancelamentos.csv\n",
      "usage: vizinho analyze [--coverage FILE]... [--partner NAME=FILE]... [--html FILE]\n"
      "                       [--csv] [--map ROLE=COLUMN,...] [--addresses]\n"
      "                       [--rejects FILE|none] [--today YYYY-MM-DD] [--no-node] FILE...\n"
      "\n"
      "Reads the ERP's export of cancellations (CSV; - is standard input) and tells who\n"
      "moved, where to, whom you could have kept and where a neighbour is missing. It needs\n"
      "neither vizinhod nor a partner, and shows nobody's name or document. Rows that cannot\n"
      "be read are listed in FILE.rejects.csv: line, column and reason, never the value.\n"
      "Where vizinhod answers, the coverage that it and its partners publish counts too;\n"
      "with --no-node it does not. With the points of `vizinho geo import` a street's\n"
      "postcode is as good as a point.\n"
      "\n"
      "Roles of --map: date reason detail value dest_cep dest_city dest_uf dest_ibge\n"
      "dest_text dest_number dest_lat dest_lon dest_point cep city uf ibge number lat lon\n"
      "status document.\n"
      "\n"
      "Examples:\n"
      "  vizinho analyze cancelamentos.csv\n"
      "  vizinho analyze --coverage plant.kmz --html report.html cancelamentos.csv\n"
      "  vizinho analyze --map date=dt_canc,reason=3 cancelamentos.csv\n"}},
#include "tools/vizinho/commands_peer.inc"
#include "tools/vizinho/commands_coverage.inc"
#include "tools/vizinho/commands_lead.inc"
    {NULL, NULL, {NULL, NULL}, {NULL, NULL}},
};
