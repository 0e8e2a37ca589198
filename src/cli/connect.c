#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/print.h"
#include "cli/redirect.h"
#include "grant/consent.h"
#include "model/sign_in.h"
#include "provider/oauth.h"
#include "provider_settings.h"

struct connect {
    const char *user, *hint, *host;
    int64_t port;
};
static const struct field CONNECT_FIELDS[] = {
    FIELD(struct connect, user, .use = REQUIRED, .about = "whose mailbox it becomes, by address"),
    FIELD(struct connect, hint, .spelling = &LINE_SPELLING, .max = 320,
          .about = "the address that is going to be signed in to"),
    FIELD(struct connect, port, .max = UINT16_MAX,
          .about = "port of this machine that the browser comes back to; otherwise any free one"),
    FIELD(struct connect, host, .preset = "127.0.0.1", .spelling = &LINE_SPELLING, .max = 253,
          .about = "this machine's name in the redirect URL, as it was registered"),
    {0},
};
const struct schema ACCOUNT_CONNECT_OPTIONS = SCHEMA(struct connect, CONNECT_FIELDS);

struct started {
    const char *auth_url;
};
static const struct field STARTED_FIELDS[] = {
    FIELD(struct started, auth_url, .use = SHOWN),
    {0},
};
static const struct schema STARTED = SCHEMA(struct started, STARTED_FIELDS);

static bool read_provider(const char *word, enum provider_kind *ret_kind, struct error *error)
{
    for (enum provider_kind kind = 0; PROVIDER_NAMES[kind]; kind++)
        if (oauth_is_for(kind) && text_equal(PROVIDER_NAMES[kind], word)) {
            *ret_kind = kind;
            return true;
        }
    return fail(error, ERROR_INVALID, "", "%s is not gmail or outlook", word);
}

static void print_start(const struct cli *cli, const char *url, const struct redirect *redirect)
{
    const struct started started = {url};
    if (cli->json)
        print_object(cli, &STARTED, &started);
    else
        puts(url);
    fflush(stdout);
    fprintf(stderr,
            "Open this URL in a browser and sign in; it comes back to port %d of this machine.\n"
            "If the browser is on another machine, connect them first:\n"
            "  ssh -L %d:127.0.0.1:%d THIS-MACHINE\n",
            redirect->port, redirect->port, redirect->port);
}

/* A stranger on this machine may come first, with a state that is not ours. */
static bool take_back(const struct consent_place *place, const char *redirect_url,
                      struct redirect *redirect, struct arena *arena, struct consent_end *ret_end,
                      struct error *error)
{
    int64_t until_ms = clock_steady_ms() + SIGN_IN_LASTS_MS;
    struct target target;
    while (redirect_wait(redirect, until_ms - clock_steady_ms(), arena, &target, error)) {
        const struct consent_return back = {
            .redirect_url = redirect_url,
            .state = redirect_value(&target, "state"),
            .code = redirect_value(&target, "code"),
            .error = redirect_value(&target, "error"),
            .issuer = redirect_value(&target, "iss"),
        };
        if (consent_take(place, &back, arena, ret_end, error)) {
            redirect_answer(redirect, 200, "The mailbox is connected. This window can be closed.");
            return true;
        }
        redirect_answer(redirect, 400, "The mailbox is not connected. The terminal says why.");
        if (!text_equal(error->field, "state_unknown"))
            return false;
    }
    return false;
}

static bool run(struct cli *cli, const struct connect *given, enum provider_kind kind,
                struct redirect *redirect, struct error *error)
{
    struct user user;
    struct secret_key key;
    struct consent_end end;
    const char *url;
    const struct provider_settings settings = provider_settings_of(&cli->config, &cli->paths);
    const struct consent_place place = {&settings, &key, cli->db,
                                        cli_act(ACT_MAILBOX_CONNECTED, NULL, NULL)};
    if (!cli_find_user(cli, given->user, &user, error) ||
        !secret_key_open(cli->paths.key, &key, error) ||
        !redirect_open(given->port, redirect, error))
        return false;
    const struct consent_wish wish = {
        .provider = kind,
        .organization_id = user.organization_id,
        .user_id = user.id,
        .redirect_url = arena_format(cli->arena, "http://%s:%d/", given->host, redirect->port),
        .hint = given->hint,
    };
    if (!consent_ask(&place, &wish, cli->arena, &url, error))
        return false;
    print_start(cli, url, redirect);
    if (!take_back(&place, wish.redirect_url, redirect, cli->arena, &end, error))
        return false;
    print_object(cli, &ACCOUNT_VIEW, &end.account);
    return true;
}

bool account_connect(struct cli *cli, void *options, struct error *error)
{
    enum provider_kind kind = PROVIDER_GMAIL;
    struct redirect redirect = {.listener = -1, .peer = -1};
    struct error why = {0};
    if (!read_provider(cli_word(cli, 0), &kind, error))
        return false;
    bool is_done = run(cli, options, kind, &redirect, &why);
    redirect_close(&redirect);
    if (is_done)
        return true;
    if (text_equal(why.field, "provider"))
        return fail(error, why.code, "", "%s %s", cli_word(cli, 0), why.message);
    /* A word for what went wrong: the command was right, its end was not. */
    return fail(error, *why.field ? ERROR_PROVIDER : why.code, "", "%s", why.message);
}

struct complete {
    const char *user;
};
static const struct field COMPLETE_FIELDS[] = {
    FIELD(struct complete, user, .use = REQUIRED, .about = "who began the sign-in, by address"),
    {0},
};
const struct schema ACCOUNT_COMPLETE_OPTIONS = SCHEMA(struct complete, COMPLETE_FIELDS);

bool account_complete(struct cli *cli, void *options, struct error *error)
{
    const struct complete *given = options;
    struct user user;
    struct secret_key key;
    struct consent_end end;
    struct error why = {0};
    const struct provider_settings settings = provider_settings_of(&cli->config, &cli->paths);
    const struct consent_place place = {&settings, &key, cli->db,
                                        cli_act(ACT_MAILBOX_CONNECTED, NULL, NULL)};
    if (!cli_find_user(cli, given->user, &user, error) ||
        !secret_key_open(cli->paths.key, &key, error))
        return false;
    if (!consent_complete(&place, cli_word(cli, 0), user.id, cli->arena, &end, &why))
        return fail(error, why.code == ERROR_INVALID ? ERROR_PROVIDER : why.code, "", "%s",
                    why.message);
    print_object(cli, &ACCOUNT_VIEW, &end.account);
    return true;
}
