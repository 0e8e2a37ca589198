/* escape.h - text that HTML shows as it is. */
#pragma once
#include "base/buf.h"

void escape_add(struct buf *buf, const char *text); /* fits attributes, too */
