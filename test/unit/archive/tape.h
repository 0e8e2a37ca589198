/* tape.h - tars written by hand, so that anything can be in them; and what a sink was given. */
#pragma once
#include <stdio.h>

#include "archive/unpack.h"
#include "base/buf.h"

/* type: '0' a file, '5' a folder, '2' a link, and so on. */
void tape_add(struct buf *tape, const char *name, char type, const char *content);
/* The SHA-256 of what was added as '0' so far, as its last entry. */
void tape_add_sums(struct buf *tape);
void tape_end(struct buf *tape);

/* A file with that content, to be read from its start; the caller closes it. */
int tape_file(const void *data, size_t size);

/* Takes everything, and tells "name:size:content:sha256;". */
struct unpack_sink tape_sink(struct buf *told);
