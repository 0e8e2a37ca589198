/* arena.h - memory with one lifetime: allocate freely, free everything at once.
 *
 * A request, and one turn of a worker, each own one arena. Allocation never
 * fails to its caller: the process aborts when memory runs out. Input sizes
 * are limited at the door (http/, net/, the field tables), so that a client
 * cannot cause that. An arena belongs to one thread at a time. */
#pragma once
#include <stddef.h>

struct arena;

/* Bytes with a length, not necessarily text; they live in an arena or are static. */
struct bytes {
    const void *data;
    size_t size;
};

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);  /* NULL is fine */
void arena_cleanup(struct arena **arena); /* for AUTO_ARENA */

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned */
void *arena_alloc_array(struct arena *arena, size_t size, size_t count);
char *arena_copy(struct arena *arena, const char *text);                    /* NULL stays NULL */
char *arena_copy_bytes(struct arena *arena, const void *data, size_t size); /* a NUL follows */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define arena_new(arena, type, count) ((type *)arena_alloc_array((arena), sizeof(type), (count)))
#define AUTO_ARENA __attribute__((cleanup(arena_cleanup))) struct arena *
