/* replay.c - feeds a fuzz target the empty input and the files of the folders it is given, so that
 * what a fuzzer found once is tried in every test run. Prints TAP: one case for each input. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BYTES = 16 * 1024 * 1024 };

static unsigned cases;

/* A copy of exactly that size, so that the sanitizer sees a read beyond it. */
static void try_input(const char *name, const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    printf("ok %u - %s\n", ++cases, name);
    fflush(stdout);
}

static void try_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(MOST_BYTES);
    if (!file || !data) {
        printf("not ok %u - %s: %s\n", ++cases, path, strerror(errno));
        exit(1);
    }
    size_t size = fread(data, 1, MOST_BYTES, file);
    fclose(file);
    fprintf(stderr, "# %s\n", path); /* the last one named is the one that crashed */
    try_input(path, data, size);
    free(data);
}

static int is_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void try_folder(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_file, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        try_file(path);
        free(entries[i]);
    }
    free(entries);
}

int main(int count, char **arguments)
{
    try_input("nothing", (const uint8_t *)"", 0);
    for (int i = 1; i < count; i++)
        try_folder(arguments[i]);
    printf("1..%u\n", cases);
    return 0;
}
