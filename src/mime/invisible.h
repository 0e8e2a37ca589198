/* invisible.h - characters that nobody sees: they come along when an address is pasted from a web
 * page, a sheet or a chat, and make another address of it.
 *
 * The code points are those of Unicode's Default_Ignorable_Code_Point, and its spaces other than
 * U+0020. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The bytes of the invisible character that the text begins with; 0: it begins with none. */
size_t invisible_size(const char *text);

/* Without invisible characters, spaces and tabs at its ends. */
const char *invisible_trim(const char *text, struct arena *arena);

/* "U+200B" for the first invisible character in the text; NULL: it has none. */
const char *invisible_find(const char *text, struct arena *arena);

/* For people to read: each invisible character as <U+200B>. */
const char *invisible_show(const char *text, struct arena *arena);

/* Whether the text has, or begins with, a character that turns the direction of what follows
 * (U+202A to U+202E, U+2066 to U+2069): it is then shown in another order than it has. */
bool invisible_turns_here(const char *text);
bool invisible_turns(const char *text);
