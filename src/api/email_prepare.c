#include "api/handlers.h"
#include "api/preparing.h"
#include "assistant/assistant.h"
#include "base/log.h"
#include "html/html.h"

/* The model's HTML is a stranger's. */
static bool complete(const struct preparing *preparing, struct assistant_letter *ret_letter,
                     struct error *error)
{
    const struct prepared *prepared = &preparing->prepared;
    struct arena *arena = preparing->request->arena;
    const struct assistant_letter given = {prepared->subject, prepared->body_text,
                                           prepared->body_html};
    return assistant_complete(preparing->request->api->settings.assistant, &given, arena,
                              ret_letter, error) &&
           (!ret_letter->body_html ||
            (html_check(ret_letter->body_html, error) &&
             html_sanitize(ret_letter->body_html, arena, &ret_letter->body_html, error)));
}

/* Whatever goes wrong, the caller has his text. */
static void infer(struct preparing *preparing)
{
    struct error error = {0};
    struct assistant_letter letter;
    request_stop_reading(preparing->request);
    if (!complete(preparing, &letter, &error)) {
        preparing_remark(preparing, "",
                         arena_format(preparing->request->arena, "the text is as it was given: %s",
                                      error.message));
        LOG(LOG_WARNING, "inference_failed", LOG_TEXT("reason", error.message));
        return;
    }
    preparing->prepared.subject = letter.subject;
    preparing->prepared.body_text = letter.body_text;
    preparing->prepared.body_html = letter.body_html;
}

bool email_prepare(struct request *request, struct error *error)
{
    struct preparing preparing;
    if (!preparing_begin(request, &preparing, error) ||
        (preparing.asked.preview_mode == PREVIEW_SAMPLE &&
         !preparing_take_samples(&preparing, error)) ||
        !preparing_fill(&preparing, error))
        return false;
    if (preparing.asked.mode == PREPARE_INFERENCE)
        infer(&preparing);
    reply(request, &preparing.prepared);
    return true;
}
