#include "parser/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/schema.h"

const char CHANNEL_HELLO = '+';

static const struct field CHANNEL_FAILURE_FIELDS[] = {
    FIELD(struct channel_failure, code, .min = ERROR_NONE + 1, .max = ERROR_CODE_COUNT - 1),
    FIELD(struct channel_failure, field, .max = sizeof((struct error *)0)->field - 1),
    FIELD(struct channel_failure, message, .max = sizeof((struct error *)0)->message - 1),
    {0},
};
const struct schema CHANNEL_FAILURE = SCHEMA(struct channel_failure, CHANNEL_FAILURE_FIELDS);

union channel_control { /* aligned as its header must be */
    char data[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
};

static void channel_attach(struct msghdr *message, union channel_control *control, int file)
{
    memset(control, 0, sizeof *control);
    message->msg_control = control->data;
    message->msg_controllen = sizeof control->data;
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof file);
    memcpy(CMSG_DATA(header), &file, sizeof file);
}

/* What was sent is taken off the pieces; gives how many are left. */
static size_t channel_advance(struct iovec **pieces, size_t count, size_t sent)
{
    while (count && sent >= (*pieces)->iov_len) {
        sent -= (*pieces)->iov_len;
        ++*pieces;
        count--;
    }
    if (count) {
        (*pieces)->iov_base = (char *)(*pieces)->iov_base + sent;
        (*pieces)->iov_len -= sent;
    }
    return count;
}

bool channel_send(int socket, struct iovec *pieces, size_t count, int file)
{
    union channel_control control;
    count = channel_advance(&pieces, count, 0); /* past empty ones */
    while (count) {
        struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
        if (file >= 0)
            channel_attach(&message, &control, file);
        ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        file = -1;
        count = channel_advance(&pieces, count, (size_t)sent);
    }
    return true;
}

static int channel_file(struct msghdr *message)
{
    int file = -1;
    for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at; at = CMSG_NXTHDR(message, at))
        if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_RIGHTS &&
            at->cmsg_len == CMSG_LEN(sizeof file))
            memcpy(&file, CMSG_DATA(at), sizeof file);
    return file;
}

ssize_t channel_receive(int socket, void *data, size_t size, int *ret_file)
{
    union channel_control control;
    struct iovec piece = {data, size};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    ssize_t got;
    if (ret_file) {
        message.msg_control = control.data;
        message.msg_controllen = sizeof control.data;
        *ret_file = -1;
    }
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (ret_file && got > 0)
        *ret_file = channel_file(&message);
    return got;
}

bool channel_receive_all(int socket, void *data, size_t size)
{
    char *to = data;
    while (size) {
        ssize_t got = channel_receive(socket, to, size, NULL);
        if (got <= 0)
            return false;
        to += got;
        size -= (size_t)got;
    }
    return true;
}
