/* intake.h - attachments on their way into the blob store, piece by piece. */
#pragma once
#include "base/schema.h"
#include "blob/blob.h"

struct intake {
    struct blobs *blobs;
    struct arena *arena;
    uint64_t limit; /* bytes of all together */
    uint64_t taken;
    struct blob_writer *writer;
    struct list contents; /* of struct content, in the order they came */
};
struct content {
    const char *sha256;
    int64_t size_bytes;
};

bool intake_start(struct intake *intake, const char *folder, uint64_t limit, struct arena *arena,
                  struct error *error);
void intake_end(struct intake *intake);
#define AUTO_INTAKE __attribute__((cleanup(intake_end))) struct intake

bool intake_begin(void *intake, struct error *error);
bool intake_write(void *intake, const void *data, size_t size, struct error *error);
bool intake_finish(void *intake, struct error *error);

/* A whole file. */
bool intake_file(struct intake *intake, const char *path, struct error *error);
