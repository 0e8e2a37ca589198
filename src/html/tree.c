#include "html/tree.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fault.h"

/* gumbo: docs/decisions/html-parser.md has why, though its upstream is archived.
 *
 * It has no limits of its own: it searches the open elements for each tag, compares each
 * attribute with all before it, and frees a tree by recursion. So the memory is ours: it can be
 * freed without walking the tree, and where it is asked for, depth and work can be watched. When
 * they are too much, longjmp leaves gumbo; it holds nothing else that would leak. */

enum {
    MEMORY_MAX = 64 * 1024 * 1024, /* beside the nodes; HTML of 10 MB that is mostly text fits */
    NODES_BASE = 16 * 1000,        /* html_check goes by it */
    NODES_CHECKED = 128,           /* at a time */
    REQUESTS_PER_NODE_MAX = 2000,  /* each attribute makes 3 */
};

struct tree_block {
    struct tree_block *next, *previous;
    size_t size;
    alignas(max_align_t) unsigned char data[];
};

const struct tree_limits TREE_LIMITS = {HTML_DEPTH_MAX, TREE_NODES_MAX};

struct watch {
    struct tree_memory memory;
    const struct tree_limits *limits;
    size_t nodes_checked;
    size_t size;     /* of all blocks */
    size_t requests; /* since the newest node */
    const char *reason;
    jmp_buf leave;
};

static _Noreturn void leave(struct watch *watch, const char *reason)
{
    watch->reason = reason;
    longjmp(watch->leave, 1);
}

/* Other things of a node's size stand among the nodes, and a node without a parent yet. */
static bool is_node(const struct tree_memory *memory, const GumboNode *node)
{
    uintptr_t offset = (uintptr_t)node - (uintptr_t)memory->nodes;
    return offset / sizeof *node < memory->node_count && offset % sizeof *node == 0;
}

static void check_depth(struct watch *watch)
{
    const struct tree_memory *memory = &watch->memory;
    for (; watch->nodes_checked < memory->node_count; watch->nodes_checked++) {
        const GumboNode *node = &memory->nodes[watch->nodes_checked];
        for (size_t depth = 0; is_node(memory, node->parent); depth++) {
            if (depth > watch->limits->depth)
                leave(watch, "is nested too deep");
            node = node->parent;
        }
    }
}

static void *allocate_node(struct watch *watch)
{
    struct tree_memory *memory = &watch->memory;
    watch->requests = 0;
    if (memory->node_count >= watch->nodes_checked + NODES_CHECKED)
        check_depth(watch);
    if (memory->node_count == memory->node_room)
        leave(watch, "is too complicated");
    return &memory->nodes[memory->node_count++];
}

static void *allocate(void *context, size_t size)
{
    struct watch *watch = context;
    if (size == sizeof(GumboNode))
        return allocate_node(watch);
    watch->size += sizeof(struct tree_block) + size;
    if (watch->size > MEMORY_MAX || ++watch->requests > REQUESTS_PER_NODE_MAX)
        leave(watch, "is too complicated");
    struct tree_block *block = malloc(sizeof *block + size);
    if (!block)
        abort();
    *block = (struct tree_block){.next = watch->memory.blocks, .size = size};
    if (block->next)
        block->next->previous = block;
    watch->memory.blocks = block;
    return block->data;
}

static void release(void *context, void *data)
{
    struct watch *watch = context;
    if (!data || is_node(&watch->memory, data))
        return;
    struct tree_block *block = (struct tree_block *)((uintptr_t)data -
                                                     offsetof(struct tree_block, data));
    watch->size -= sizeof *block + block->size;
    if (block->next)
        block->next->previous = block->previous;
    *(block->previous ? &block->previous->next : &watch->memory.blocks) = block->next;
    free(block);
}

/* Only the pages that get a node are ever there. */
static void reserve_nodes(struct tree_memory *memory, size_t count, size_t most)
{
    memory->node_room = count < most ? count : most;
    memory->nodes = mmap(NULL, memory->node_room * sizeof *memory->nodes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory->nodes == MAP_FAILED)
        abort();
}

static void free_memory(struct tree_memory *memory)
{
    for (struct tree_block *block = memory->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    if (memory->nodes)
        munmap(memory->nodes, memory->node_room * sizeof *memory->nodes);
}

void tree_cleanup(struct tree *tree)
{
    free_memory(&tree->memory);
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
    const GumboNode *root = gumbo_parse_with_options(&options, html, size)->root;
    check_depth(watch);
    return root;
}

bool tree_read(const char *html, struct tree *ret_tree, struct error *error)
{
    return tree_read_within(html, &TREE_LIMITS, ret_tree, error);
}

bool tree_read_within(const char *html, const struct tree_limits *limits, struct tree *ret_tree,
                      struct error *error)
{
    size_t size = strlen(html);
    if (size > HTML_BYTES_MAX)
        return fail(error, ERROR_TOO_LARGE, "", "has more than %d bytes", HTML_BYTES_MAX);
    struct watch watch = {.limits = limits};
    reserve_nodes(&watch.memory, NODES_BASE + size, limits->nodes);
    const GumboNode *root = parse(&watch, html, size);
    FAULT(PARSER_HTML);
    if (!root) {
        free_memory(&watch.memory);
        return fail(error, ERROR_TOO_LARGE, "", "%s", watch.reason);
    }
    *ret_tree = (struct tree){root, watch.memory};
    return true;
}
