/* harmless.h - HTML of somebody else's mail, looked at by other means than made it. */
#pragma once
#include "base/arena.h"

/* What is wrong with HTML that was said to be sanitized; NULL: nothing. It must be written in the
 * one way that every program reads alike: known elements, each closed where it was opened,
 * attributes in double quotes, no address that runs or loads, and no bracket in any text. */
const char *harmless_problem(const char *html, struct arena *arena);

/* Attacks, one to a line of test/corpus/attacks.txt, as C strings; calls with each. */
void harmless_each_attack(void (*try_it)(const char *attack, struct arena *arena));

/* The attacks, taken apart and put together in ways that are the same in every run. */
void harmless_each_mutation(size_t count, void (*try_it)(const char *attack, struct arena *arena));
