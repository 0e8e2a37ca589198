#include "html/tree.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* gumbo has no limits of its own: it searches the open elements for each tag, compares each
 * attribute with all before it, and frees a tree by recursion. So the memory is ours: it can be
 * freed without walking the tree, and where it is asked for, depth and work can be watched. When
 * they are too much, longjmp leaves gumbo; it holds nothing else that would leak. */

enum {
    MEMORY_BASE = 1024 * 1024,
    MEMORY_PER_BYTE = 40, /* a mail of many small elements takes 10 to 25 */
    MEMORY_MAX = 96 * 1024 * 1024,
    REQUESTS_PER_NODE_MAX = 2000, /* each attribute makes 3 */
};

struct tree_block {
    struct tree_block *next, *previous;
    size_t size;
    size_t depth; /* of the node in this block */
    alignas(max_align_t) unsigned char data[];
};

struct watch {
    struct tree_block *blocks;
    struct tree_block *newest_node;
    size_t memory, memory_max;
    size_t requests; /* since the newest node */
    const char *reason;
    jmp_buf leave;
};

static struct tree_block *block_of(const void *data)
{
    return (struct tree_block *)((uintptr_t)data - offsetof(struct tree_block, data));
}

static _Noreturn void leave(struct watch *watch, const char *reason)
{
    watch->reason = reason;
    longjmp(watch->leave, 1);
}

/* gumbo hangs a node into the tree only after it was allocated; so its depth is known when the
 * next one is asked for. Elements it moves later get no deeper than the limit either: they move
 * to ancestors. */
static void watch_nodes(struct watch *watch, struct tree_block *block)
{
    const struct tree_block *newest = watch->newest_node;
    watch->requests = 0;
    if (newest) {
        const GumboNode *node = (const GumboNode *)(const void *)newest->data;
        if (node->parent)
            watch->newest_node->depth = block_of(node->parent)->depth + 1;
        if (newest->depth > HTML_DEPTH_MAX)
            leave(watch, "is nested too deep");
    }
    watch->newest_node = block;
}

static void *allocate(void *context, size_t size)
{
    struct watch *watch = context;
    watch->memory += sizeof(struct tree_block) + size;
    if (watch->memory > watch->memory_max || ++watch->requests > REQUESTS_PER_NODE_MAX)
        leave(watch, "is too complicated");
    struct tree_block *block = malloc(sizeof *block + size);
    if (!block)
        abort();
    *block = (struct tree_block){.next = watch->blocks, .size = size};
    if (block->next)
        block->next->previous = block;
    watch->blocks = block;
    if (size == sizeof(GumboNode)) {
        memset(block->data, 0, size);
        watch_nodes(watch, block);
    }
    return block->data;
}

static void release(void *context, void *data)
{
    struct watch *watch = context;
    if (!data)
        return;
    struct tree_block *block = block_of(data);
    watch->memory -= sizeof *block + block->size;
    if (watch->newest_node == block)
        watch->newest_node = NULL;
    if (block->next)
        block->next->previous = block->previous;
    *(block->previous ? &block->previous->next : &watch->blocks) = block->next;
    free(block);
}

static void free_blocks(struct tree_block *block)
{
    for (struct tree_block *next; block; block = next) {
        next = block->next;
        free(block);
    }
}

void tree_cleanup(struct tree *tree)
{
    free_blocks(tree->blocks);
}

static size_t memory_for(size_t size)
{
    size_t memory = MEMORY_BASE + size * MEMORY_PER_BYTE;
    return memory < MEMORY_MAX ? memory : MEMORY_MAX;
}

/* Alone in its function, so that no variable of a caller is touched by longjmp. */
static const GumboNode *parse(struct watch *watch, const char *html, size_t size)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = release;
    options.userdata = watch;
    options.max_errors = 0;
    if (setjmp(watch->leave))
        return NULL;
    return gumbo_parse_with_options(&options, html, size)->root;
}

bool tree_read(const char *html, struct tree *ret_tree, struct error *error)
{
    size_t size = strlen(html);
    if (size > HTML_BYTES_MAX)
        return fail(error, ERROR_TOO_LARGE, "", "has more than %d bytes", HTML_BYTES_MAX);
    struct watch watch = {.memory_max = memory_for(size)};
    const GumboNode *root = parse(&watch, html, size);
    if (!root) {
        free_blocks(watch.blocks);
        return fail(error, ERROR_TOO_LARGE, "", "%s", watch.reason);
    }
    *ret_tree = (struct tree){root, watch.blocks};
    return true;
}
