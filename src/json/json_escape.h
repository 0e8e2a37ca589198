/* json_escape.h - text and numbers as JSON spells them. For this room only. */
#pragma once
#include <stdint.h>

#include "base/buf.h"

void json_add_text(struct buf *buf, const char *text); /* in quotes, UTF-8 as it is */
/* A part of a text, without the quotes: it may be cut anywhere. */
void json_add_part(struct buf *buf, const char *text, size_t size);
void json_add_integer(struct buf *buf, int64_t number);
void json_add_real(struct buf *buf, double number); /* the shortest that reads back the same */
