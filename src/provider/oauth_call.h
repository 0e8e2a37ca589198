/* oauth_call.h - one small HTTP call to a sign-in or to a profile, and what its reply means; inside
 * this room. */
#pragma once
#include "net/http_client.h"
#include "provider/oauth.h"
#include "provider/url_form.h"

/* A POST of this form to the token endpoint; form ends with {0}. */
bool oauth_call_token(const struct provider_settings *settings, enum provider_kind kind,
                      const struct url_pair *form, struct arena *arena,
                      struct http_result *ret_result);
/* A GET with this access token. */
bool oauth_call_get(const struct provider_settings *settings, const char *url,
                    const char *access_token, struct arena *arena, struct http_result *ret_result);

/* What a token endpoint has answered, or that nothing came. A grant is dead only when a whole reply
 * says so in words of RFC 6749 5.2 or OpenID Connect. form: what was asked, of which nothing
 * that is_secret is repeated in ret_reason, even where the reply does. */
enum oauth_answer oauth_read_reply(const struct http_result *result, enum provider_kind kind,
                                   const struct url_pair *form, struct arena *arena,
                                   struct oauth_tokens *ret_tokens, const char **ret_reason);

/* What a server says, made fit for a sentence: its first line, at most some 200 bytes; NULL when
 * there is nothing to show, or when it repeats a value of the form that is_secret. */
const char *oauth_quote(const char *said, const struct url_pair *form, struct arena *arena);
