/* How each locale writes each type: the table is the promise. _ stands for a space that breaks no
 * line (U+00A0). */
#include "template/field_value.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "case.h"

static const char *with_spaces(const char *text, struct arena *arena)
{
    struct error error;
    struct buf buf = BUF(arena, 1000);
    for (; *text; text++)
        if (*text == '_')
            buf_add(&buf, "\u00a0");
        else
            buf_add_char(&buf, *text);
    return buf_text(&buf, &error);
}

static void check(const char *locale, enum field_type type, const char *text, const char *expected)
{
    AUTO_ARENA arena = arena_create();
    struct field_value value = {"t", NULL, type, text};
    const char *written = field_value_format(&value, locale, arena);
    if (!text_equal(written, with_spaces(expected, arena)))
        fail_msg("%s, %s %s: %s", locale, FIELD_TYPE_NAMES[type], text, written);
}

static const struct {
    const char *locale;
    const char *number;   /* 1234567.25 */
    const char *thousand; /* 1234.5 */
    const char *euros;    /* -1234567.5 EUR */
    const char *small;    /* 1234.5 EUR */
    const char *dollars;  /* 12 USD */
    const char *francs;   /* 1234 CHF */
    const char *yen;      /* 1234 JPY */
    const char *date;     /* 2026-05-20 */
    const char *first;    /* 2026-01-01 */
    const char *time;     /* 2026-12-03T09:05:00+01:00 */
    const char *yes, *no;
} ROWS[] = {
    {"en", "1,234,567.25", "1,234.5", "-€1,234,567.50", "€1,234.50", "$12.00", "CHF_1,234.00",
     "¥1,234", "May 20, 2026", "January 1, 2026", "December 3, 2026 at 9:05 AM UTC+1", "yes", "no"},
    {"en-US", "1,234,567.25", "1,234.5", "-€1,234,567.50", "€1,234.50", "$12.00", "CHF_1,234.00",
     "¥1,234", "May 20, 2026", "January 1, 2026", "December 3, 2026 at 9:05 AM UTC+1", "yes", "no"},
    {"en-GB", "1,234,567.25", "1,234.5", "-€1,234,567.50", "€1,234.50", "US$12.00", "CHF_1,234.00",
     "¥1,234", "20 May 2026", "1 January 2026", "3 December 2026 at 09:05 UTC+1", "yes", "no"},
    {"de", "1.234.567,25", "1.234,5", "-1.234.567,50_€", "1.234,50_€", "12,00_US$", "1.234,00_CHF",
     "1.234_¥", "20. Mai 2026", "1. Januar 2026", "3. Dezember 2026 um 09:05 UTC+1", "ja", "nein"},
    {"de-AT", "1_234_567,25", "1_234,5", "-€_1.234.567,50", "€_1.234,50", "US$_12,00",
     "CHF_1.234,00", "¥_1.234", "20. Mai 2026", "1. Jänner 2026", "3. Dezember 2026 um 09:05 UTC+1",
     "ja", "nein"},
    {"de-CH", "1’234’567.25", "1’234.5", "€_-1’234’567.50", "€_1’234.50", "US$_12.00",
     "CHF_1’234.00", "¥_1’234", "20. Mai 2026", "1. Januar 2026", "3. Dezember 2026 um 09:05 UTC+1",
     "ja", "nein"},
    {"fr", "1_234_567,25", "1_234,5", "-1_234_567,50_€", "1_234,50_€", "12,00_US$", "1_234,00_CHF",
     "1_234_¥", "20 mai 2026", "1er janvier 2026", "3 décembre 2026 à 09:05 UTC+1", "oui", "non"},
    {"es", "1.234.567,25", "1234,5", "-1.234.567,50_€", "1234,50_€", "12,00_US$", "1234,00_CHF",
     "1234_¥", "20 de mayo de 2026", "1 de enero de 2026", "3 de diciembre de 2026, 9:05 UTC+1",
     "sí", "no"},
    {"it", "1.234.567,25", "1.234,5", "-1.234.567,50_€", "1.234,50_€", "12,00_US$", "1.234,00_CHF",
     "1.234_¥", "20 maggio 2026", "1 gennaio 2026", "3 dicembre 2026 alle ore 09:05 UTC+1", "sì",
     "no"},
    {"nl", "1.234.567,25", "1.234,5", "€_-1.234.567,50", "€_1.234,50", "US$_12,00", "CHF_1.234,00",
     "¥_1.234", "20 mei 2026", "1 januari 2026", "3 december 2026 om 09:05 UTC+1", "ja", "nee"},
    {"pl", "1_234_567,25", "1234,5", "-1_234_567,50_€", "1234,50_€", "12,00_US$", "1234,00_CHF",
     "1234_¥", "20 maja 2026", "1 stycznia 2026", "3 grudnia 2026 o 09:05 UTC+1", "tak", "nie"},
    {"pt", "1_234_567,25", "1234,5", "-1_234_567,50_€", "1234,50_€", "12,00_US$", "1234,00_CHF",
     "1234_¥", "20 de maio de 2026", "1 de janeiro de 2026", "3 de dezembro de 2026 às 09:05 UTC+1",
     "sim", "não"},
    {"pt-BR", "1.234.567,25", "1.234,5", "-€_1.234.567,50", "€_1.234,50", "US$_12,00",
     "CHF_1.234,00", "¥_1.234", "20 de maio de 2026", "1 de janeiro de 2026",
     "3 de dezembro de 2026 às 09:05 UTC+1", "sim", "não"},
    {"sv", "1_234_567,25", "1_234,5", "-1_234_567,50_€", "1_234,50_€", "12,00_US$", "1_234,00_CHF",
     "1_234_¥", "20 maj 2026", "1 januari 2026", "3 december 2026 kl. 09:05 UTC+1", "ja", "nej"},
    {"da", "1.234.567,25", "1.234,5", "-1.234.567,50_€", "1.234,50_€", "12,00_US$", "1.234,00_CHF",
     "1.234_¥", "20. maj 2026", "1. januar 2026", "3. december 2026 kl. 09.05 UTC+1", "ja", "nej"},
    {"nb", "1_234_567,25", "1_234,5", "-1_234_567,50_€", "1_234,50_€", "12,00_US$", "1_234,00_CHF",
     "1_234_¥", "20. mai 2026", "1. januar 2026", "3. desember 2026 kl. 09:05 UTC+1", "ja", "nei"},
    {"fi", "1_234_567,25", "1_234,5", "-1_234_567,50_€", "1_234,50_€", "12,00_US$", "1_234,00_CHF",
     "1_234_¥", "20. toukokuuta 2026", "1. tammikuuta 2026", "3. joulukuuta 2026 klo 9.05 UTC+1",
     "kyllä", "ei"},
    {"cs", "1_234_567,25", "1_234,5", "-1_234_567,50_€", "1_234,50_€", "12,00_US$", "1_234,00_CHF",
     "1_234_¥", "20. května 2026", "1. ledna 2026", "3. prosince 2026 v 9:05 UTC+1", "ano", "ne"},
    {"ja", "1,234,567.25", "1,234.5", "-€1,234,567.50", "€1,234.50", "US$12.00", "CHF_1,234.00",
     "¥1,234", "2026年5月20日", "2026年1月1日", "2026年12月3日 9:05 UTC+1", "はい", "いいえ"},
};

static void test_locales(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *locale = ROWS[i].locale;
        check(locale, FIELD_TYPE_NUMBER, "1234567.25", ROWS[i].number);
        check(locale, FIELD_TYPE_NUMBER, "1234.5", ROWS[i].thousand);
        check(locale, FIELD_TYPE_NUMBER, "20260042", "20260042");
        check(locale, FIELD_TYPE_CURRENCY, "-1234567.5 EUR", ROWS[i].euros);
        check(locale, FIELD_TYPE_CURRENCY, "1234.5 EUR", ROWS[i].small);
        check(locale, FIELD_TYPE_CURRENCY, "12 USD", ROWS[i].dollars);
        check(locale, FIELD_TYPE_CURRENCY, "1234 CHF", ROWS[i].francs);
        check(locale, FIELD_TYPE_CURRENCY, "1234 JPY", ROWS[i].yen);
        check(locale, FIELD_TYPE_DATE, "2026-05-20", ROWS[i].date);
        check(locale, FIELD_TYPE_DATE, "2026-01-01", ROWS[i].first);
        check(locale, FIELD_TYPE_DATETIME, "2026-12-03T09:05:00+01:00", ROWS[i].time);
        check(locale, FIELD_TYPE_BOOLEAN, "true", ROWS[i].yes);
        check(locale, FIELD_TYPE_BOOLEAN, "false", ROWS[i].no);
    }
}

static void test_home_currencies(void **state)
{
    static const struct {
        const char *locale, *text, *written;
    } MONEY[] = {
        {"pl", "12 PLN", "12,00_zł"},       {"de", "12 PLN", "12,00_PLN"},
        {"sv", "12 SEK", "12,00_kr"},       {"sv", "12 NOK", "12,00_NOK"},
        {"da", "12 DKK", "12,00_kr."},      {"nb", "12 NOK", "12,00_kr"},
        {"cs", "12 CZK", "12,00_Kč"},       {"pt-BR", "-12 BRL", "-R$_12,00"},
        {"en", "12 CAD", "CA$12.00"},       {"nl", "-12 CHF", "CHF_-12,00"},
        {"en", "12 RON", "RON_12.00"},      {"en-GB", "12 GBP", "£12.00"},
        {"de-AT", "-12 RON", "-RON_12,00"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(MONEY); i++)
        check(MONEY[i].locale, FIELD_TYPE_CURRENCY, MONEY[i].text, MONEY[i].written);
}

/* What is not of its type, or of a language that we do not have. */
static void test_stays_as_it_is(void **state)
{
    static const struct {
        enum field_type type;
        const char *text;
    } KEPT[] = {
        {FIELD_TYPE_NUMBER, "about 7"},     {FIELD_TYPE_NUMBER, "1e+21"},
        {FIELD_TYPE_NUMBER, "1 EUR"},       {FIELD_TYPE_BOOLEAN, "TRUE"},
        {FIELD_TYPE_BOOLEAN, ""},           {FIELD_TYPE_CURRENCY, "12 bottles"},
        {FIELD_TYPE_CURRENCY, "12"},        {FIELD_TYPE_DATE, "2026-02-30"},
        {FIELD_TYPE_DATE, "tomorrow"},      {FIELD_TYPE_DATETIME, "2026-05-20T14:10:00"},
        {FIELD_TYPE_TEXT, "2026-05-20"},    {FIELD_TYPE_TEXT, "1234567.25"},
        {FIELD_TYPE_TEXT, "<b>\r\n{name}"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(KEPT); i++)
        check("de", KEPT[i].type, KEPT[i].text, KEPT[i].text);
    check("de", FIELD_TYPE_TEXT, NULL, "");
    check("tlh", FIELD_TYPE_DATE, "2026-05-20", "May 20, 2026");
    check(NULL, FIELD_TYPE_DATE, "2026-05-20", "May 20, 2026");
}

static void test_guesses(void **state)
{
    static const struct {
        const char *text;
        enum field_type type;
    } TEXTS[] = {
        {"2026-05-20", FIELD_TYPE_DATE},
        {"2026-05-20T14:10:00Z", FIELD_TYPE_DATETIME},
        {"2026-05-20T14:10:00.5+02:00", FIELD_TYPE_DATETIME},
        {"1234.50 EUR", FIELD_TYPE_CURRENCY},
        {"EUR 1234.50", FIELD_TYPE_CURRENCY},
        {"-5", FIELD_TYPE_NUMBER},
        {"0.5", FIELD_TYPE_NUMBER},
        {"2026-02-30", FIELD_TYPE_TEXT},
        {"2026-05-20T14:10:00", FIELD_TYPE_TEXT},
        {"007", FIELD_TYPE_TEXT},
        {"12 MAY", FIELD_TYPE_TEXT},
        {"5 ", FIELD_TYPE_TEXT},
        {"true", FIELD_TYPE_TEXT},
        {"", FIELD_TYPE_TEXT},
        {"+49 30 1234", FIELD_TYPE_TEXT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++)
        if (field_value_guess(TEXTS[i].text) != TEXTS[i].type)
            fail_msg("%s", TEXTS[i].text);
}

static void test_labels(void **state)
{
    static const struct {
        const char *token, *label;
    } TOKENS[] = {
        {"invoice_number", "Invoice number"},
        {"customer.first-name", "Customer first name"},
        {"invoiceNumber", "Invoice number"},
        {"dueDate2", "Due date2"},
        {"paymentURL", "Payment URL"},
        {"URLOfPayment", "URL of payment"},
        {"IBAN", "IBAN"},
        {"customer_ID", "Customer ID"},
        {"_x", "X"},
        {"a__b", "A b"},
        {"a_", "A"},
        {"InvoiceNumber", "Invoice number"},
        {"_", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(TOKENS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(field_value_label(TOKENS[i].token, arena), TOKENS[i].label);
    }
}

static void test_samples(void **state)
{
    static const struct {
        const char *token;
        enum field_type type;
        const char *sample;
    } TOKENS[] = {
        {"due_date", FIELD_TYPE_DATE, "2026-05-20"},
        {"created_at", FIELD_TYPE_DATETIME, "2026-05-20T14:10:00Z"},
        {"invoice_total", FIELD_TYPE_CURRENCY, "1234.50 EUR"},
        {"quantity", FIELD_TYPE_NUMBER, "42"},
        {"customer_name", FIELD_TYPE_TEXT, "Alex Morgan"},
        {"firstName", FIELD_TYPE_TEXT, "Alex"},
        {"contact.email", FIELD_TYPE_TEXT, "alex@example.com"},
        {"invoice_number", FIELD_TYPE_TEXT, "1042"},
        {"username", FIELD_TYPE_TEXT, "Username"},
        {"format", FIELD_TYPE_TEXT, "Format"},
        {"reason_for_delay", FIELD_TYPE_TEXT, "Reason for delay"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(TOKENS); i++) {
        AUTO_ARENA arena = arena_create();
        enum field_type type = field_value_type_of_name(TOKENS[i].token);
        if (type != TOKENS[i].type)
            fail_msg("%s is %s", TOKENS[i].token, FIELD_TYPE_NAMES[type]);
        const char *sample = field_value_sample(TOKENS[i].token, type, arena);
        assert_string_equal(sample, TOKENS[i].sample);
        if (type != FIELD_TYPE_TEXT)
            assert_int_equal(field_value_guess(sample), type);
    }
    AUTO_ARENA arena = arena_create();
    assert_string_equal(field_value_sample("due_date", FIELD_TYPE_BOOLEAN, arena), "true");
    assert_string_equal(field_value_sample("due_date", FIELD_TYPE_TEXT, arena), "Due date");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locales),        cmocka_unit_test(test_home_currencies),
        cmocka_unit_test(test_stays_as_it_is), cmocka_unit_test(test_guesses),
        cmocka_unit_test(test_labels),         cmocka_unit_test(test_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
