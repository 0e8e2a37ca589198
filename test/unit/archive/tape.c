#include "tape.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/entry.h"

enum { BLOCK = 512, CHECKSUM_AT = 148, CHECKSUM_SIZE = 8 };

struct head {
    char name[100], mode[8], owner[8], group[8], size[12], time[12], checksum[CHECKSUM_SIZE];
    char type, link[100], magic[8], rest[247];
};
static_assert(sizeof(struct head) == BLOCK, "a head is a block");

static void add_padded(struct buf *tape, const void *data, size_t size)
{
    static const char ZEROS[BLOCK];
    buf_add_bytes(tape, data, size);
    buf_add_bytes(tape, ZEROS, (BLOCK - size % BLOCK) % BLOCK);
}

void tape_add(struct buf *tape, const char *name, char type, const char *content)
{
    struct head head = {.mode = "0000600",
                        .owner = "0000000",
                        .group = "0000000",
                        .time = "00000000000",
                        .type = type,
                        .magic = "ustar\00000"};
    unsigned sum = 0;
    assert(strlen(name) < sizeof head.name);
    strcpy(head.name, name);
    snprintf(head.size, sizeof head.size, "%011o", (unsigned)strlen(content));
    if (type == '1' || type == '2')
        strcpy(head.link, "/etc/passwd");
    memset(head.checksum, ' ', sizeof head.checksum);
    for (size_t i = 0; i < sizeof head; i++)
        sum += ((const unsigned char *)&head)[i];
    snprintf(head.checksum, sizeof head.checksum, "%06o", sum);
    add_padded(tape, &head, sizeof head);
    add_padded(tape, content, strlen(content));
}

void tape_add_sums(struct buf *tape)
{
    struct buf sums = BUF(tape->arena, 1 << 20);
    for (size_t at = 0; at + BLOCK <= tape->size;) {
        const struct head *head = (const void *)(tape->data + at);
        size_t size = strtoul(head->size, NULL, 8);
        char line[ENTRY_LINE_SIZE];
        struct sha256 sha;
        sha256_start(&sha);
        sha256_add(&sha, tape->data + at + BLOCK, size);
        const char *name = arena_copy_bytes(tape->arena, head->name, sizeof head->name);
        buf_add_bytes(&sums, line, entry_line(sha256_finish(&sha, tape->arena), name, line));
        at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    tape_add(tape, ENTRY_SUMS, '0', sums.data ? sums.data : "");
}

void tape_end(struct buf *tape)
{
    static const char ZEROS[BLOCK * 2];
    buf_add_bytes(tape, ZEROS, sizeof ZEROS);
}

int tape_file(const void *data, size_t size)
{
    int file = memfd_create("tape", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != (ssize_t)size || lseek(file, 0, SEEK_SET) != 0)
        abort();
    return file;
}

static bool begin(void *context, const char *name, uint64_t size, struct error *error)
{
    (void)error;
    buf_addf(context, "%s:%llu:", name, (unsigned long long)size);
    return true;
}

static bool add(void *context, const void *data, size_t size, struct error *error)
{
    (void)error;
    buf_add_bytes(context, data, size);
    return true;
}

static bool end(void *context, const char *sha256, struct error *error)
{
    (void)error;
    buf_addf(context, ":%.8s;", sha256);
    return true;
}

struct unpack_sink tape_sink(struct buf *told)
{
    return (struct unpack_sink){told, begin, add, end};
}
