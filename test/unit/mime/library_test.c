#include "mime/library.h"

#include <pthread.h>

#include "case.h"

static void *start(void *context)
{
    library_start();
    AUTO_OBJECT(GMimeContentType) type = g_mime_content_type_parse(NULL, context);
    AUTO_TEXT text = g_mime_content_type_get_mime_type(type);
    return g_str_equal(text, "text/html") ? context : NULL;
}

static void starts_from_any_thread(void **state)
{
    (void)state;
    pthread_t threads[8];
    static char text[] = "text/html; charset=utf-8";
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, start, text), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *result = NULL;
        pthread_join(threads[i], &result);
        assert_ptr_equal(result, text);
    }
}

static void frees_nothing(void **state)
{
    (void)state;
    AUTO_OBJECT(GMimeContentType) none = NULL;
    AUTO_TEXT text = NULL;
    assert_null(none);
    assert_null(text);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(starts_from_any_thread),
        cmocka_unit_test(frees_nothing),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
