#include "net/mail_guard.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

#include "net/public_address.h"
#include "net/resolve.h"

enum { FIRST_FREE_PORT = 1024 };
static const int64_t MAIL_PORTS[] = {25, 143, 465, 587, 993};

static const struct mail_refusal HOST = {
    "host", "leads to no place on the public internet; only the operator's setting "
            "allow_private_mail_hosts lets mailboxes use it"};
static const struct mail_refusal PORT = {
    "port", "is none of mail: 25, 143, 465, 587, 993, or from 1024 on"};

const struct mail_refusal *mail_guard_port(int64_t port)
{
    for (size_t i = 0; i < sizeof MAIL_PORTS / sizeof *MAIL_PORTS; i++)
        if (port == MAIL_PORTS[i])
            return NULL;
    return port < FIRST_FREE_PORT ? &PORT : NULL;
}

/* Without a guard nothing connects: a handle that mail_guard_leave has been told of. */
static curl_socket_t mail_guard_open(void *context, curlsocktype purpose,
                                     struct curl_sockaddr *address)
{
    (void)purpose;
    struct mail_guard *guard = context;
    if (!guard)
        return CURL_SOCKET_BAD;
    if (!guard->allow_private && !public_address_is(&address->addr)) {
        guard->refused = &HOST;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void mail_guard_watch(struct mail_guard *guard, void *curl)
{
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, mail_guard_open);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, guard);
}

void mail_guard_leave(void *curl)
{
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, NULL);
}

/* As the resolver wants it: without the brackets of an address, and without a dot at the end, which
 * keeps a number from being read as an address. */
static const char *mail_guard_bare(const char *host, struct arena *arena)
{
    size_t size = strlen(host);
    if (size > 1 && host[0] == '[' && host[size - 1] == ']')
        return arena_copy_bytes(arena, host + 1, size - 2);
    while (size > 1 && host[size - 1] == '.')
        size--;
    return arena_copy_bytes(arena, host, size);
}

bool mail_guard_check(const char *host, int64_t port, bool allow_private, int64_t timeout_ms,
                      struct arena *arena, struct error *error)
{
    const struct mail_refusal *refusal = mail_guard_port(port);
    struct error not_found;
    struct list addresses;
    if (refusal)
        return fail(error, ERROR_INVALID, refusal->field, "%s", refusal->what);
    if (allow_private ||
        !resolve_host(mail_guard_bare(host, arena), timeout_ms, arena, &addresses, &not_found))
        return true;
    const struct sockaddr_storage *items = addresses.items;
    for (size_t i = 0; i < addresses.count; i++)
        if (!public_address_is((const struct sockaddr *)&items[i]))
            return fail(error, ERROR_INVALID, HOST.field, "%s %s", host, HOST.what);
    return true;
}
