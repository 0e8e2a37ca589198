/* The sign-ins of Google and Microsoft as a server of ours plays them.
 * covers: src/provider/oauth_address.c src/provider/oauth_scope.c */
#include "provider/oauth.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "web_server.h"

static const struct provider_settings SETTINGS = {
    .google = {"https://accounts.google.com/o/oauth2/v2/auth",
               "https://oauth2.googleapis.com/token", "g-id", "g-secret"},
    .microsoft = {"https://login.example/common/oauth2/v2.0/authorize?x=y", "https://t.example",
                  "m-id", NULL},
};

static void test_where_consent_is_asked_for(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    const char *url;
    assert_true(oauth_authorize_url(&SETTINGS, PROVIDER_GMAIL, "https://o.example/back?a=b", "st-_",
                                    "ch", "ann+x@example.com", arena, &url, &error));
    assert_string_equal(
        url, "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=g-id"
             "&redirect_uri=https%3A%2F%2Fo.example%2Fback%3Fa%3Db"
             "&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.modify%20openid%20email"
             "&state=st-_&code_challenge=ch&code_challenge_method=S256&access_type=offline"
             "&prompt=consent&include_granted_scopes=true&login_hint=ann%2Bx%40example.com");
    assert_true(oauth_authorize_url(&SETTINGS, PROVIDER_OUTLOOK, "http://r.example", "s", "c", NULL,
                                    arena, &url, &error));
    assert_string_equal(
        url, "https://login.example/common/oauth2/v2.0/authorize?x=y&response_type=code"
             "&client_id=m-id&redirect_uri=http%3A%2F%2Fr.example"
             "&scope=offline_access%20openid%20email%20User.Read%20Mail.ReadWrite%20Mail.Send"
             "&state=s&code_challenge=c&code_challenge_method=S256&prompt=select_account"
             "&response_mode=query");
}

static void test_nobody_is_asked_without_a_client_id(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct provider_settings none = {0};
    struct error error;
    const char *url = "untouched", *reason;
    struct oauth_tokens tokens;
    assert_false(
        oauth_authorize_url(&none, PROVIDER_OUTLOOK, "u", "s", "c", NULL, arena, &url, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.field, "provider");
    assert_non_null(strstr(error.message, "microsoft_client_id"));
    assert_string_equal(url, "untouched");
    assert_int_equal(oauth_refresh(&none, PROVIDER_GMAIL, "r", arena, &tokens, &reason),
                     OAUTH_LATER);
    assert_non_null(strstr(reason, "not set up"));
}

/* RFC 7636, appendix B. */
static void test_the_challenge_of_a_verifier(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_string_equal(oauth_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", arena),
                        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static const struct {
    enum provider_kind kind;
    const char *issuer;
    bool is_right;
} ISSUERS[] = {
    {PROVIDER_GMAIL, NULL, true},
    {PROVIDER_GMAIL, "https://accounts.google.com", true},
    {PROVIDER_GMAIL, "https://accounts.google.com.evil.example", false},
    {PROVIDER_GMAIL, "http://accounts.google.com", false},
    {PROVIDER_GMAIL, "https://login.microsoftonline.com/common/v2.0", false},
    {PROVIDER_GMAIL, "accounts.google.com", false},
    {PROVIDER_GMAIL, "", false},
    {PROVIDER_OUTLOOK, "https://login.microsoftonline.com/9f4c/v2.0", true},
    {PROVIDER_OUTLOOK, "https://login.example/9f4c/v2.0", true},
    {PROVIDER_OUTLOOK, "https://login.example:444/9f4c/v2.0", false},
    {PROVIDER_OUTLOOK, "https://accounts.google.com", false},
};

static void test_who_may_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ISSUERS); i++)
        if (oauth_is_issuer(&SETTINGS, ISSUERS[i].kind, ISSUERS[i].issuer) != ISSUERS[i].is_right)
            fail_msg("row %zu: %s", i, ISSUERS[i].issuer);
}

#define GMAIL "https://www.googleapis.com/auth/gmail."
static const struct {
    enum provider_kind kind;
    const char *granted, *missing;
} SCOPES[] = {
    {PROVIDER_GMAIL, NULL, NULL},
    {PROVIDER_GMAIL, GMAIL "modify", NULL},
    {PROVIDER_GMAIL, "openid " GMAIL "modify https://www.googleapis.com/auth/userinfo.email", NULL},
    {PROVIDER_GMAIL, GMAIL "compose  " GMAIL "readonly", NULL},
    {PROVIDER_GMAIL, "https://mail.google.com/", NULL},
    {PROVIDER_GMAIL, "", GMAIL "modify"},
    {PROVIDER_GMAIL, "openid email", GMAIL "modify"},
    {PROVIDER_GMAIL, GMAIL "compose", GMAIL "modify"},
    {PROVIDER_GMAIL, GMAIL "readonly", GMAIL "modify"},
    {PROVIDER_GMAIL, GMAIL "modify.x", GMAIL "modify"},
    {PROVIDER_GMAIL, "Mail.ReadWrite Mail.Send", GMAIL "modify"},
    {PROVIDER_OUTLOOK, "Mail.ReadWrite Mail.Send", NULL},
    {PROVIDER_OUTLOOK, "openid mail.send email mail.readwrite", NULL},
    {PROVIDER_OUTLOOK,
     "https://graph.microsoft.us/Mail.ReadWrite https://graph.microsoft.us/Mail.Send", NULL},
    {PROVIDER_OUTLOOK, "Mail.ReadWrite", "Mail.Send"},
    {PROVIDER_OUTLOOK, "Mail.Send Mail.Read", "Mail.ReadWrite"},
    {PROVIDER_OUTLOOK, "Mail.ReadWrite Mail.Send.Shared", "Mail.Send"},
    {PROVIDER_OUTLOOK, "xMail.ReadWrite Mail.Send", "Mail.ReadWrite"},
};

static void test_which_scopes_are_enough(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(SCOPES); i++) {
        const char *missing = oauth_missing_scope(SCOPES[i].kind, SCOPES[i].granted);
        if (!text_equal(missing, SCOPES[i].missing))
            fail_msg("row %zu: %s", i, text_or(missing, "nothing"));
    }
    assert_null(oauth_missing_scope(PROVIDER_GMAIL, oauth_scopes(PROVIDER_GMAIL)));
    assert_null(oauth_missing_scope(PROVIDER_OUTLOOK, oauth_scopes(PROVIDER_OUTLOOK)));
}

struct peer { /* a server that answers as it is told, and what whoever asks it needs */
    struct arena *arena;
    struct web_server *server;
    struct provider_settings settings;
};

static struct peer peer_start(const struct web_turn *turns, size_t count)
{
    struct peer peer = {.arena = arena_create()};
    int port;
    peer.server = web_server_start("127.0.0.1", turns, count, &port);
    const char *url = arena_format(peer.arena, "http://127.0.0.1:%d", port);
    const char *token_url = arena_format(peer.arena, "%s/token", url);
    peer.settings = (struct provider_settings){
        .google = {"https://a.example", token_url, "g-id", "g-secret"},
        .microsoft = {"https://a.example", token_url, "m-id", NULL},
        .gmail_url = url,
        .graph_url = arena_format(peer.arena, "%s/v1.0", url),
        .web_timeout_ms = 20000,
    };
    return peer;
}

static struct web_heard peer_finish(struct peer *peer)
{
    struct web_heard heard;
    web_server_finish(peer->server, &heard);
    arena_destroy(peer->arena);
    return heard;
}

/* Its body ends where the connection does: to be used with WEB_CLOSE. */
#define JSON(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body

static void assert_asked(const struct web_heard *heard, const char *start, const char *body)
{
    assert_int_equal(heard->requests, 1);
    if (!text_starts(heard->heads[0], start))
        fail_msg("%s", heard->heads[0]);
    assert_int_equal(heard->body_sizes[0], strlen(body));
    assert_true(heard->body_hashes[0] == web_hash(0, body, strlen(body)));
}

static void test_a_code_is_exchanged(void **state)
{
    (void)state;
    static const struct web_turn TURN = {
        .reply = JSON("200 OK", "{\"access_token\":\"a\",\"refresh_token\":\"r\"}"),
        .end = WEB_CLOSE};
    struct peer peer = peer_start(&TURN, 1);
    struct oauth_tokens tokens;
    const char *reason;
    assert_int_equal(oauth_exchange(&peer.settings, PROVIDER_GMAIL, "4/c+d", "ver",
                                    "http://127.0.0.1:1/", peer.arena, &tokens, &reason),
                     OAUTH_GRANTED);
    assert_string_equal(tokens.access_token, "a");
    assert_string_equal(tokens.refresh_token, "r");
    struct web_heard heard = peer_finish(&peer);
    assert_asked(&heard, "POST /token HTTP/1.1\r\n",
                 "grant_type=authorization_code&code=4%2Fc%2Bd"
                 "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2F&code_verifier=ver"
                 "&client_id=g-id&client_secret=g-secret");
    assert_non_null(strstr(heard.heads[0], "Content-Type: application/x-www-form-urlencoded\r\n"));
}

static void test_a_token_is_refreshed(void **state)
{
    (void)state;
    static const struct web_turn TURN = {.reply = JSON("200 OK", "{\"access_token\":\"a\"}"),
                                         .end = WEB_CLOSE};
    struct peer peer = peer_start(&TURN, 1);
    struct oauth_tokens tokens;
    const char *reason;
    assert_int_equal(
        oauth_refresh(&peer.settings, PROVIDER_OUTLOOK, "r/1", peer.arena, &tokens, &reason),
        OAUTH_GRANTED);
    assert_null(tokens.refresh_token);
    struct web_heard heard = peer_finish(&peer);
    assert_asked(&heard, "POST /token HTTP/1.1\r\n",
                 "grant_type=refresh_token&refresh_token=r%2F1&client_id=m-id");
}

/* It may have been heard: a refresh token may be another one by now. */
static void test_nothing_is_asked_twice(void **state)
{
    (void)state;
    static const struct web_turn TURN = {.end = WEB_RESET};
    struct peer peer = peer_start(&TURN, 1);
    struct oauth_tokens tokens;
    const char *reason;
    assert_int_equal(
        oauth_refresh(&peer.settings, PROVIDER_OUTLOOK, "r-secret", peer.arena, &tokens, &reason),
        OAUTH_LATER);
    assert_non_null(strstr(reason, "Microsoft's sign-in did not answer"));
    assert_null(strstr(reason, "r-secret"));
    struct web_heard heard = peer_finish(&peer);
    assert_int_equal(heard.requests, 1);
}

static void test_too_long_a_reply_is_no_reply(void **state)
{
    (void)state;
    static const struct web_turn TURN = {
        .reply = "HTTP/1.1 400 Bad\r\nContent-Length: 70000\r\n\r\n"
                 "{\"error\":\"invalid_grant\"}",
        .filler = 70000 - 25};
    struct peer peer = peer_start(&TURN, 1);
    struct oauth_tokens tokens;
    const char *reason;
    assert_int_equal(
        oauth_refresh(&peer.settings, PROVIDER_GMAIL, "r", peer.arena, &tokens, &reason),
        OAUTH_LATER);
    peer_finish(&peer);
}

static const struct {
    enum provider_kind kind;
    const char *reply;
    const char *address, *fault; /* one of them */
    const char *asked;
} ADDRESSES[] = {
    {PROVIDER_GMAIL, JSON("200 OK", "{\"emailAddress\":\"ann@example.com\",\"total\":123}"),
     "ann@example.com", NULL, "GET /gmail/v1/users/me/profile HTTP/1.1\r\n"},
    {PROVIDER_OUTLOOK, JSON("200 OK", "{\"mail\":\"a@x.test\",\"userPrincipalName\":7}"), NULL,
     "did not say whose mailbox it is",
     "GET /v1.0/me?%24select=mail%2CuserPrincipalName HTTP/1.1\r\n"},
    {PROVIDER_OUTLOOK, JSON("200 OK", "{\"mail\":\"a@x.test\",\"userPrincipalName\":\"b@y.test\"}"),
     "a@x.test", NULL, "GET /v1.0/me?"},
    {PROVIDER_OUTLOOK, JSON("200 OK", "{\"mail\":null,\"userPrincipalName\":\"b@y.test\"}"),
     "b@y.test", NULL, "GET /v1.0/me?"},
    {PROVIDER_GMAIL, JSON("200 OK", "{}"), NULL, "Gmail did not say whose mailbox it is", "GET /"},
    {PROVIDER_GMAIL, JSON("200 OK", "{\"emailAddress\":\"nobody\"}"), NULL, "did not say whose",
     "GET /"},
    {PROVIDER_GMAIL, JSON("200 OK", "{\"emailAddress\":\"a@b\\r\\nX:y\"}"), NULL,
     "did not say whose", "GET /"},
    {PROVIDER_GMAIL,
     JSON("403 Forbidden", "{\"error\":{\"code\":403,\"message\":\"Gmail API is disabled\"}}"),
     NULL, "status 403, Gmail API is disabled", "GET /"},
    {PROVIDER_GMAIL, JSON("403 Forbidden", "{\"error\":{\"message\":\"not the-token\"}}"), NULL,
     "status 403", "GET /"},
    {PROVIDER_GMAIL, JSON("302 Found\r\nLocation: /elsewhere", ""), NULL, "status 302", "GET /"},
    {PROVIDER_OUTLOOK, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"mail", NULL,
     "Microsoft Graph did not say whose mailbox it is: 127.0.0.1", "GET /"},
};

static void test_whose_mailbox_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ADDRESSES); i++) {
        const struct web_turn turn = {.reply = ADDRESSES[i].reply, .end = WEB_CLOSE};
        struct peer peer = peer_start(&turn, 1);
        struct error error = {0};
        const char *address = NULL;
        bool is_known = oauth_address(&peer.settings, ADDRESSES[i].kind, "the-token", peer.arena,
                                      &address, &error);
        if (is_known != !ADDRESSES[i].fault || !text_equal(address, ADDRESSES[i].address) ||
            (!is_known && (!strstr(error.message, ADDRESSES[i].fault) ||
                           strstr(error.message, "the-token") || error.code != ERROR_PROVIDER)))
            fail_msg("row %zu: %s %s", i, text_or(address, ""), error.message);
        struct web_heard heard = peer_finish(&peer);
        assert_asked(&heard, ADDRESSES[i].asked, "");
        assert_non_null(strstr(heard.heads[0], "\r\nAuthorization: Bearer the-token\r\n"));
    }
}

#define SEND_AS \
    "{\"sendAs\":[{\"sendAsEmail\":\"b@x.test\"}," \
    "{\"sendAsEmail\":\"a@x.test\",\"isPrimary\":true,\"signature\":\"\"}]}"

static void test_an_imitation_of_gmail_may_have_no_profile(void **state)
{
    (void)state;
    static const struct web_turn TURNS[] = {
        {.reply = JSON("404 Not Found", "{\"message\":\"Not Found\"}"), .end = WEB_CLOSE},
        {.reply = JSON("200 OK", SEND_AS), .end = WEB_CLOSE}};
    struct peer peer = peer_start(TURNS, COUNT(TURNS));
    struct error error;
    const char *address;
    assert_true(oauth_address(&peer.settings, PROVIDER_GMAIL, "t", peer.arena, &address, &error));
    assert_string_equal(address, "a@x.test");
    struct web_heard heard = peer_finish(&peer);
    assert_int_equal(heard.requests, 2);
    assert_true(text_starts(heard.heads[1], "GET /gmail/v1/users/me/settings/sendAs HTTP/1.1\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_consent_is_asked_for),
        cmocka_unit_test(test_nobody_is_asked_without_a_client_id),
        cmocka_unit_test(test_the_challenge_of_a_verifier),
        cmocka_unit_test(test_who_may_answer),
        cmocka_unit_test(test_which_scopes_are_enough),
        cmocka_unit_test(test_a_code_is_exchanged),
        cmocka_unit_test(test_a_token_is_refreshed),
        cmocka_unit_test(test_nothing_is_asked_twice),
        cmocka_unit_test(test_too_long_a_reply_is_no_reply),
        cmocka_unit_test(test_whose_mailbox_it_is),
        cmocka_unit_test(test_an_imitation_of_gmail_may_have_no_profile),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
