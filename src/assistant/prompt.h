/* prompt.h - what the model is told. For this room only. */
#pragma once
#include "assistant/assistant.h"

/* The body of the request: model and messages. */
const char *prompt_write(const char *model, const struct assistant_letter *letter,
                         struct arena *arena);
