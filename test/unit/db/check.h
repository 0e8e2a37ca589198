/* check.h - cmocka with what it needs, but without its fail(), which is not that of base/error.h. */
#pragma once
#include "thing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail

#define COUNT(array) (sizeof(array) / sizeof *(array))
