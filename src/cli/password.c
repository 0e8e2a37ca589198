#include "cli/password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

enum { PASSWORD_SIZE = 4096 };

static bool read_first_line(FILE *file, struct arena *arena, const char **ret_password,
                            struct error *error)
{
    char line[PASSWORD_SIZE];
    if (!fgets(line, sizeof line, file))
        line[0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    *ret_password = arena_copy(arena, line);
    explicit_bzero(line, sizeof line);
    return **ret_password || fail(error, ERROR_INVALID, "", "the password is empty");
}

static bool ask(struct arena *arena, const char **ret_password, struct error *error)
{
    struct termios shown, hidden;
    fputs("Password: ", stderr);
    bool is_hidden = tcgetattr(STDIN_FILENO, &shown) == 0;
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    is_hidden = is_hidden && tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    bool is_read = read_first_line(stdin, arena, ret_password, error);
    if (is_hidden)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    fputc('\n', stderr);
    return is_read;
}

bool password_read(const char *path, struct arena *arena, const char **ret_password,
                   struct error *error)
{
    const char *variable = getenv("OUTTRAY_PASSWORD");
    if (path) {
        FILE *file = fopen(path, "re");
        if (!file)
            return fail_errno(error, path);
        bool is_read = read_first_line(file, arena, ret_password, error);
        fclose(file);
        return is_read;
    }
    if (!text_is_empty(variable)) {
        *ret_password = arena_copy(arena, variable);
        return true;
    }
    return isatty(STDIN_FILENO) ? ask(arena, ret_password, error)
                                : read_first_line(stdin, arena, ret_password, error);
}
