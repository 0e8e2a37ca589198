/* output.h - the way into the spool while a message is written: buffered, failing once. */
#pragma once
#include "base/spool.h"

enum { OUTPUT_SIZE = 16 * 1024 };

/* The first failure is kept and asked for at the end, so that writers need no checks. */
struct output {
    struct spool *spool;
    struct error *error;
    bool has_failed;
    char last; /* the byte written last */
    size_t size;
    char data[OUTPUT_SIZE];
};

void output_start(struct output *output, struct spool *spool, struct error *error);
void output_add(struct output *output, const void *data, size_t size);
void output_text(struct output *output, const char *text);
void output_end_line(struct output *output); /* CRLF, unless a line just ended */
bool output_finish(struct output *output);
