#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature) /* clang's way to say it */
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

/* The first block holds an ordinary request; bigger ones double up to BLOCK_MAX, so that many
 * small pieces of a large thing cost few blocks. */
enum { BLOCK_FIRST = 8 * 1024, BLOCK_MAX = 256 * 1024, ALIGNMENT = alignof(max_align_t) };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char data[];
};

struct arena {
    struct block *newest;
    size_t next_size;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static struct block *add_block(struct arena *arena, size_t at_least)
{
    size_t size = at_least > arena->next_size ? at_least : arena->next_size;
    struct block *block = must(malloc(sizeof *block + size));
    block->used = 0;
    block->size = size;
    block->next = arena->newest;
    arena->newest = block;
    if (arena->next_size < BLOCK_MAX)
        arena->next_size *= 2;
    ASAN_POISON_MEMORY_REGION(block->data, size);
    return block;
}

struct arena *arena_create(void)
{
    struct arena *arena = must(malloc(sizeof *arena));
    *arena = (struct arena){.next_size = BLOCK_FIRST};
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->newest, *next; block; block = next) {
        next = block->next;
        ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
        free(block);
    }
    free(arena);
}

void arena_cleanup(struct arena **arena)
{
    arena_destroy(*arena);
}

static void *take(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - (size_t)2 * ALIGNMENT - sizeof(struct block))
        abort();
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *block = arena->newest;
    if (!block || block->size - block->used < rounded)
        block = add_block(arena, rounded);
    void *memory = block->data + block->used;
    block->used += rounded;
    ASAN_UNPOISON_MEMORY_REGION(memory, size);
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t size, size_t count)
{
    if (size && count > SIZE_MAX / size)
        abort();
    return arena_alloc(arena, size * count);
}

char *arena_copy_bytes(struct arena *arena, const void *data, size_t size)
{
    char *copy = take(arena, size + 1);
    if (size)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

char *arena_copy(struct arena *arena, const char *text)
{
    return text ? arena_copy_bytes(arena, text, strlen(text)) : NULL;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    char small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (length < 0)
        abort();
    size_t size = (size_t)length;
    char *text = take(arena, size + 1);
    if (size < sizeof small)
        memcpy(text, small, size + 1);
    else
        vsnprintf(text, size + 1, format, again);
    va_end(again);
    return text;
}
