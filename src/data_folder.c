#include "data_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTE_BYTES = 1024 };
static const char ADDRESS_KEY[] = "listen=";

static bool make_folder(const char *path, struct error *error)
{
    struct stat status;
    if (mkdir(path, 0700) == 0)
        return true;
    if (errno != EEXIST || stat(path, &status) != 0)
        return fail_errno(error, path);
    return S_ISDIR(status.st_mode) || fail(error, ERROR_INVALID, "", "%s is no folder", path);
}

static bool make_parents(const char *path, struct arena *arena, struct error *error)
{
    char *parent = arena_copy(arena, path);
    for (char *slash = parent; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (!make_folder(parent, error))
            return false;
        *slash = '/';
    }
    return true;
}

static bool make_all(const struct data_paths *paths, struct arena *arena, struct error *error)
{
    return make_parents(paths->folder, arena, error) && make_folder(paths->folder, error) &&
           make_folder(paths->blobs, error) && make_folder(paths->sandbox, error) &&
           make_folder(paths->temporary, error);
}

static bool is_there(const struct data_paths *paths, struct error *error)
{
    if (access(paths->database, F_OK) == 0)
        return true;
    if (errno == ENOENT || errno == ENOTDIR)
        return fail(error, ERROR_NOT_FOUND, "",
                    "there is nothing in the folder %s yet: outtray init makes it", paths->folder);
    return fail_errno(error, paths->database);
}

struct data_paths data_folder_paths(const char *folder, struct arena *arena)
{
    return (struct data_paths){
        .folder = arena_copy(arena, folder),
        .database = arena_format(arena, "%s/outtray.db", folder),
        .key = arena_format(arena, "%s/secret.key", folder),
        .config = arena_format(arena, "%s/outtray.conf", folder),
        .blobs = arena_format(arena, "%s/blobs", folder),
        .sandbox = arena_format(arena, "%s/sandbox", folder),
        .temporary = arena_format(arena, "%s/tmp", folder),
        .lock = arena_format(arena, "%s/outtrayd.lock", folder),
    };
}

bool data_folder_open(const char *folder, bool make, struct arena *arena,
                      struct data_paths *ret_paths, struct error *error)
{
    const struct data_paths paths = data_folder_paths(folder, arena);
    umask(077);
    if (make ? !make_all(&paths, arena, error) : !is_there(&paths, error))
        return false;
    *ret_paths = paths;
    return true;
}

static bool is_private(const char *path, const char *what, unsigned wanted, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == ENOENT || fail_errno(error, path);
    unsigned mode = status.st_mode & 0777;
    return !(mode & 077) ||
           fail(error, ERROR_FORBIDDEN, "",
                "%s %s is open to other users: its mode is %04o; type: chmod %o %s", what, path,
                mode, wanted, path);
}

bool data_folder_is_private(const struct data_paths *paths, struct error *error)
{
    return is_private(paths->folder, "the folder", 0700, error) &&
           is_private(paths->config, "the file", 0600, error);
}

/* A lock of the open file, not of the process: it can be asked for without being taken. */
static struct flock whole_file(void)
{
    return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

bool data_folder_lock(const struct data_paths *paths, struct error *error)
{
    struct flock lock = whole_file();
    int file = open(paths->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return fail_errno(error, paths->lock);
    if (fcntl(file, F_OFD_SETLK, &lock) == 0)
        return true; /* left open: the kernel lets go of it when the process ends */
    bool is_taken = errno == EAGAIN || errno == EACCES;
    fail_errno(error, paths->lock);
    close(file);
    if (is_taken)
        fail(error, ERROR_CONFLICT, "",
             "another outtrayd is running on the folder %s; stop it, or use another --data",
             paths->folder);
    return false;
}

bool data_folder_is_served(const struct data_paths *paths)
{
    struct flock lock = whole_file();
    int file = open(paths->lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return false;
    bool is_taken = fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(file);
    return is_taken;
}

/* The file is opened once more: a lock of an open file outlives the end of another one. */
static bool data_folder_write(const struct data_paths *paths, int how, const char *line,
                              struct error *error)
{
    size_t size = strlen(line);
    int file = open(paths->lock, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | how);
    bool is_written = file >= 0 && write(file, line, size) == (ssize_t)size;
    if (!is_written)
        fail_errno(error, paths->lock);
    if (file >= 0)
        close(file);
    return is_written;
}

bool data_folder_note(const struct data_paths *paths, const char *line, struct error *error)
{
    return data_folder_write(paths, O_TRUNC, line, error);
}

bool data_folder_note_address(const struct data_paths *paths, const char *address,
                              struct error *error)
{
    char line[NOTE_BYTES];
    snprintf(line, sizeof line, "%s%s\n", ADDRESS_KEY, address);
    return data_folder_write(paths, O_APPEND, line, error);
}

const char *data_folder_address(const struct data_paths *paths, struct arena *arena)
{
    const char *note = data_folder_read_note(paths, arena), *found = strstr(note, ADDRESS_KEY);
    if (!found)
        return NULL;
    found += sizeof ADDRESS_KEY - 1;
    return arena_copy_bytes(arena, found, strcspn(found, "\n"));
}

const char *data_folder_read_note(const struct data_paths *paths, struct arena *arena)
{
    char line[NOTE_BYTES];
    int file = open(paths->lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t size = file >= 0 ? read(file, line, sizeof line) : 0;
    if (file >= 0)
        close(file);
    return arena_copy_bytes(arena, line, size > 0 ? (size_t)size : 0);
}
