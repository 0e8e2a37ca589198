#include "mime/thread.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void strips_prefixes(void **state)
{
    (void)state;
    static const struct {
        const char *subject, *base;
    } ROWS[] = {
        {NULL, ""},
        {"", ""},
        {"Hello", "Hello"},
        {"  Hello ", "Hello"},
        {"Re: Hello", "Hello"},
        {"RE:Hello", "Hello"},
        {"re : Hello", "Hello"},
        {"Re: Re: AW: Fwd: Hello", "Hello"},
        {"Re[2]: Hello", "Hello"},
        {"RE(12): Hello", "Hello"},
        {"Re*3: Hello", "Hello"},
        {"Re^2: Hello", "Hello"},
        {"SV: VS: WG: TR: Antw: Odp: Hello", "Hello"},
        {"回复：转发: Hello", "Hello"},
        {"Отв: ОТВ: Пер: Hello", "Hello"},
        {"R: I: Hello", "Hello"},
        {"r: Hello", "r: Hello"},
        {"Re", "Re"},
        {"Re:", ""},
        {"Re: ", ""},
        {"Reply: Hello", "Reply: Hello"},
        {"Retail: Re: x", "Retail: Re: x"},
        {"Re[x]: Hello", "Re[x]: Hello"},
        {"[list] Re: Hello", "[list] Re: Hello"},
        {"Відп: ВІДП: Відповідь: рахунок", "рахунок"},
        {"Trả lời: Chuyển tiếp: hóa đơn", "hóa đơn"},
        {"Odp.: Antw.: Hello", "Hello"},
        {"Re\u00A0: RE\u202F: Hello", "Hello"},
        {"RES: ENC: RIF: PD: Hello", "Hello"},
        {"답장: 회신: 전달: Hello", "Hello"},
        {"回覆: 答复: 返信: 転送: Hello", "Hello"},
        {"RE (2): Hello", "Hello"},
        {"Odg: ODG: ATS: YNT: İLT: Hello", "Hello"},
        {"Отв.: Ответ: Отг: Hello", "Hello"},
        {"Ref: 2026-118", "Ref: 2026-118"},
        {"REF: 2026-118", "REF: 2026-118"},
        {"Enc: contract", "Enc: contract"},
        {"Tr: 12", "Tr: 12"},
        {"Pal: notes", "Pal: notes"},
        {"Res: room 4", "Res: room 4"},
        {"Resp: K. Vogel", "Resp: K. Vogel"},
        {"Rif: 12", "Rif: 12"},
        {"Reg: 12", "Reg: 12"},
        {"i: x", "i: x"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(mime_base_subject(ROWS[i].subject, arena), ROWS[i].base);
    }
}

static void adds_a_prefix_once(void **state)
{
    (void)state;
    static const struct {
        const char *subject, *reply, *forward;
    } ROWS[] = {
        {"Hello", "Re: Hello", "Fwd: Hello"},
        {"Re: Hello", "Re: Hello", "Fwd: Hello"},
        {"AW: Hello", "Re: Hello", "Fwd: Hello"},
        {"Fwd: Hello", "Re: Fwd: Hello", "Fwd: Hello"},
        {"Re: Fwd: Hello", "Re: Fwd: Hello", "Fwd: Hello"},
        {"Fwd: Re: Hello", "Re: Fwd: Re: Hello", "Fwd: Hello"},
        {"AW: WG: Hello", "Re: WG: Hello", "Fwd: Hello"},
        {"TR: Hello", "Re: TR: Hello", "Fwd: Hello"},
        {"转发：Hello", "Re: 转发：Hello", "Fwd: Hello"},
        {"AW: RE: Re : Hello", "Re: Hello", "Fwd: Hello"},
        {"Re: [EXT] RE: Hello", "Re: [EXT] Hello", "Fwd: [EXT] RE: Hello"},
        {"[list] [EXT] AW: Hello", "Re: [list] [EXT] Hello", "Fwd: [list] [EXT] AW: Hello"},
        {"[list] Fwd: Hello", "Re: [list] Fwd: Hello", "Fwd: [list] Fwd: Hello"},
        {"[list] Hello", "Re: [list] Hello", "Fwd: [list] Hello"},
        {"[] Re: Hello", "Re: [] Re: Hello", "Fwd: [] Re: Hello"},
        {"[a Re: Hello", "Re: [a Re: Hello", "Fwd: [a Re: Hello"},
        {"[EXT] Re:", "Re: [EXT]", "Fwd: [EXT] Re:"},
        {"Ref: 2026-118", "Re: Ref: 2026-118", "Fwd: Ref: 2026-118"},
        {"", "Re:", "Fwd:"},
        {NULL, "Re:", "Fwd:"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(mime_reply_subject(ROWS[i].subject, arena), ROWS[i].reply);
        assert_string_equal(mime_forward_subject(ROWS[i].subject, arena), ROWS[i].forward);
    }
}

static void continues_references(void **state)
{
    (void)state;
    static const struct {
        const char *references, *in_reply_to, *message_id, *answer;
    } ROWS[] = {
        {NULL, NULL, NULL, NULL},
        {"<a@x>", "<b@x>", NULL, NULL},
        {"<a@x>", NULL, "", NULL},
        {"<a@x>", NULL, "none", NULL},
        {NULL, NULL, "<p@x>", "<p@x>"},
        {"", "", "<p@x>", "<p@x>"},
        {"<a@x> <b@x>", "<b@x>", "<p@x>", "<a@x> <b@x> <p@x>"},
        {"<a@x>\r\n\t<b@x><c@x>", NULL, "<p@x>", "<a@x> <b@x> <c@x> <p@x>"},
        {NULL, "<a@x>", "<p@x>", "<a@x> <p@x>"},
        {NULL, "<a@x> <b@x>", "<p@x>", "<p@x>"},
        {NULL, "your mail of Monday <a@x>", "<p@x>", "<a@x> <p@x>"},
        {"<a@x> <p@x>", NULL, "<p@x>", "<a@x> <p@x>"},
        {"<[A]+b=c@D>", NULL, "<p@x>", "<[A]+b=c@D> <p@x>"},
        {"<a @x>", NULL, "<p\r\n @x>", "<a@x> <p@x>"},
        {"<a@x", NULL, "<p@x>", "<p@x>"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *answer = mime_reply_references(ROWS[i].references, ROWS[i].in_reply_to,
                                                   ROWS[i].message_id, arena);
        assert_string_equal(text_or(answer, "-"), text_or(ROWS[i].answer, "-"));
    }
}

static void keeps_the_first_and_the_last(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *all = "", *wanted = "<0@x> ";
    for (int i = 0; i < 100; i++)
        all = arena_format(arena, "%s <%d@x>", all, i);
    for (int i = 80; i < 100; i++)
        wanted = arena_format(arena, "%s<%d@x> ", wanted, i);
    assert_string_equal(mime_reply_references(all, NULL, "<p@x>", arena),
                        arena_format(arena, "%s<p@x>", wanted));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(strips_prefixes),
        cmocka_unit_test(adds_a_prefix_once),
        cmocka_unit_test(continues_references),
        cmocka_unit_test(keeps_the_first_and_the_last),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
