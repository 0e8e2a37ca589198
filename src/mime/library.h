/* library.h - GMime, started once, and its objects with an end. */
#pragma once
#include <gmime/gmime.h>

void library_start(void); /* before anything else of GMime; again is fine, from any thread */

void library_release(void *object); /* for AUTO_OBJECT */
void library_free(void *text);      /* for AUTO_TEXT */
#define AUTO_OBJECT(type) __attribute__((cleanup(library_release))) type *
#define AUTO_TEXT __attribute__((cleanup(library_free))) char *
