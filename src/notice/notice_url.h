/* notice_url.h - whether a subscriber may be told at a URL; said when it is given, not three days
 * later. Each request looks at the address once more (notice.h). */
#pragma once
#include "notice/notice.h"

/* https, and nowhere but on the public internet, unless the settings allow private addresses. A
 * host that is not found now may be there later. ret_text: the URL as it will be used.
 * ERROR_INVALID "url". */
bool notice_url_check(const char *url, const struct notice_settings *settings, struct arena *arena,
                      const char **ret_text, struct error *error);
