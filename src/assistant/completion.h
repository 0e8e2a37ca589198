/* completion.h - what the model said, taken for what it is: text of a stranger. For this room only.
 */
#pragma once
#include "assistant/assistant.h"

/* body: the reply's. As assistant_complete promises. */
bool completion_read(struct bytes body, const struct assistant_letter *letter, struct arena *arena,
                     struct assistant_letter *ret_letter, struct error *error);
