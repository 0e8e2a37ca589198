#include "tls_server.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static const char MAKE[] =
    "key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout'\n"
    "openssl req -x509 $key authority.key -out authority.pem -days 2 -subj /CN=Authority "
    "-addext basicConstraints=critical,CA:TRUE || exit 1\n"
    "certify() {\n"
    "printf 'subjectAltName=%s\\nbasicConstraints=CA:FALSE\\n' $2 >$1.ext\n"
    "openssl req $key $1.key -out $1.csr -subj /CN=$1 || exit 1\n"
    "openssl x509 -req -in $1.csr -CA authority.pem -CAkey authority.key -CAcreateserial "
    "-days 2 -extfile $1.ext -out $1.pem || exit 1\n"
    "}\n"
    "certify server IP:127.0.0.1\n"
    "certify stranger DNS:mail.example.com\n"
    "printf 'HTTP/1.0 200 OK\\r\\nContent-Type: Text/Plain; x=y\\r\\n\\r\\nhello' >hello\n"
    "printf 'HTTP/1.0 302 Found\\r\\nLocation: http://127.0.0.1:1/x\\r\\n\\r\\n' >down\n";

static bool run(const char *commands)
{
    char line[4096];
    snprintf(line, sizeof line, "exec >/dev/null 2>&1; cd '%s' || exit 1\n%s", folder, commands);
    return system(line) == 0; // NOLINT(cert-env33-c): our own words, in a test
}

const char *tls_folder_make(void)
{
    snprintf(folder, sizeof folder, "/tmp/tls_server.XXXXXX");
    return mkdtemp(folder) && run(MAKE) ? folder : NULL;
}

void tls_folder_remove(void)
{
    run("rm -f *.key *.pem *.ext *.csr *.srl hello down; rmdir \"$PWD\"");
}

const char *tls_file(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* It says where it listens, once it does. */
static int port_of(FILE *said)
{
    char line[256];
    while (fgets(line, sizeof line, said)) {
        const char *colon = strrchr(line, ':');
        if (strncmp(line, "ACCEPT", 6) == 0 && colon)
            return (int)strtol(colon + 1, NULL, 10);
    }
    abort();
}

struct tls_server tls_server_start(const char *certificate, const char *options)
{
    int pipes[2];
    char line[512];
    snprintf(line, sizeof line,
             "cd '%s' && exec openssl s_server -accept 127.0.0.1:0 -cert %s.pem -key %s.key -HTTP "
             "%s </dev/null 2>/dev/null",
             folder, certificate, certificate, options);
    if (pipe(pipes) != 0)
        abort();
    pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails does not come to its end */
        dup2(pipes[1], STDOUT_FILENO);
        close(pipes[0]);
        close(pipes[1]);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    FILE *said = fdopen(pipes[0], "r");
    struct tls_server server = {process, port_of(said)};
    fclose(said);
    return server;
}

void tls_server_finish(struct tls_server *server)
{
    kill(server->process, SIGKILL);
    waitpid(server->process, NULL, 0);
}
