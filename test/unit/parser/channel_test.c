#include "parser/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case.h"

enum { LARGE = 3 * 1024 * 1024 };

static char large[LARGE], got[LARGE];

struct sending {
    int socket, file;
    bool is_sent;
};

static void *send_all(void *context)
{
    struct sending *sending = context;
    static char text[] = "abz";
    struct iovec pieces[] = {{text, 0}, {text, 2}, {large, LARGE}, {text, 0}, {text + 2, 1}};
    sending->is_sent = channel_send(sending->socket, pieces, COUNT(pieces), sending->file);
    return NULL;
}

static void all_arrives_with_its_descriptor(void **state)
{
    (void)state;
    int ends[2], file = -1;
    char start[2], last;
    struct stat given, taken;
    pthread_t thread;
    for (size_t i = 0; i < LARGE; i++)
        large[i] = (char)(i * 31 % 251);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    struct sending sending = {ends[0], open("/dev/null", O_RDONLY), false};
    assert_int_equal(pthread_create(&thread, NULL, send_all, &sending), 0);
    assert_int_equal(channel_receive(ends[1], start, 2, &file), 2);
    assert_memory_equal(start, "ab", 2);
    assert_true(file >= 0 && fcntl(file, F_GETFD) == FD_CLOEXEC);
    assert_int_equal(fstat(sending.file, &given), 0);
    assert_int_equal(fstat(file, &taken), 0);
    assert_int_equal(given.st_rdev, taken.st_rdev);
    assert_true(channel_receive_all(ends[1], got, LARGE));
    assert_memory_equal(got, large, LARGE);
    assert_int_equal(channel_receive(ends[1], &last, 1, &file), 1);
    assert_int_equal(file, -1);
    assert_int_equal(last, 'z');
    pthread_join(thread, NULL);
    assert_true(sending.is_sent);
    close(ends[0]);
    assert_int_equal(channel_receive(ends[1], &last, 1, NULL), 0);
    assert_false(channel_receive_all(ends[1], &last, 1));
    struct iovec piece = {start, 1};
    assert_false(channel_send(ends[1], &piece, 1, -1)); /* and no SIGPIPE */
    assert_int_equal(errno, EPIPE);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_arrives_with_its_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
