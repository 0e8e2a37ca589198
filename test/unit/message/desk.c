#include "desk.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "case.h"

struct desk desk;

int desk_start(void **state)
{
    struct error error = {0};
    (void)state;
    secret_start();
    desk = (struct desk){.folder = "/tmp/message-test-XXXXXX", .arena = arena_create()};
    return mkdtemp(desk.folder) && (desk.blobs = blobs_open(desk.folder, &error)) ? 0 : -1;
}

int desk_stop(void **state)
{
    char command[128];
    (void)state;
    blobs_close(desk.blobs);
    arena_destroy(desk.arena);
    snprintf(command, sizeof command, "rm -rf '%s'", desk.folder);
    return system(command);
}

struct spool *desk_spool(const void *data, size_t size)
{
    struct error error;
    struct spool *spool = spool_create("/tmp", DESK_MOST);
    assert_true(spool_write(spool, data, size, &error));
    return spool;
}

struct bytes desk_read_file(const char *path, struct arena *arena)
{
    enum { MOST = 1024 * 1024 };
    char *data = arena_alloc(arena, MOST);
    FILE *file = fopen(path, "re");
    if (!file)
        fail_msg("%s is not there", path);
    size_t size = fread(data, 1, MOST - 1, file);
    fclose(file);
    return (struct bytes){data, size};
}

const char *desk_keep(const char *content)
{
    struct error error;
    const char *sha256 = NULL;
    struct blob_writer *writer = blob_begin(desk.blobs, &error);
    assert_non_null(writer);
    assert_true(blob_write(writer, content, strlen(content), &error));
    assert_true(blob_finish(writer, desk.arena, &sha256, &error));
    return sha256;
}

const char *desk_content(const char *sha256)
{
    struct error error;
    enum { MOST = 1024 * 1024 };
    char *content = arena_alloc(desk.arena, MOST);
    int file = blob_open(desk.blobs, sha256, &error);
    assert_true(file >= 0);
    assert_true(read(file, content, MOST - 1) >= 0);
    close(file);
    return content;
}

unsigned desk_leftovers(void)
{
    char path[96];
    unsigned count = 0;
    snprintf(path, sizeof path, "%s/blobs/tmp", desk.folder);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

const char *desk_repeat(const char *piece, size_t times, struct arena *arena)
{
    size_t size = strlen(piece);
    char *all = arena_alloc(arena, size * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(all + i * size, piece, size);
    return all;
}

const char *desk_people(const struct list *addresses, struct arena *arena)
{
    const struct address *items = addresses->items;
    const char *all = "";
    for (size_t i = 0; i < addresses->count; i++)
        all = items[i].name ? arena_format(arena, "%s%s%s <%s>", all, i ? ", " : "", items[i].name,
                                           items[i].email)
                            : arena_format(arena, "%s%s%s", all, i ? ", " : "", items[i].email);
    return all;
}
