/* print.h - what the tool shows: columns and lines for people, one JSON object a line with --json.
 *
 * The SHOWN fields of a schema are what there is to see. Control characters never reach the
 * terminal: what others wrote may be in it. */
#pragma once
#include "cli/cli.h"

void print_object(const struct cli *cli, const struct schema *schema, const void *object);
void print_list(const struct cli *cli, const struct schema *schema, struct list objects);

/* One row of such a list without its head, for what goes on and on. */
void print_row(const struct cli *cli, const struct schema *schema, const void *object);
