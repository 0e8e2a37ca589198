/* sink.h - where bytes go as they come in, so that they need not be held. */
#pragma once
#include <stddef.h>

#include "base/error.h"

struct sink {
    void *context;
    /* False: no more is wanted, and error says why. */
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
};
