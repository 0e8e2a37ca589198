#include "mime/library.h"

#include <pthread.h>

void library_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, g_mime_init);
}

void library_release(void *object)
{
    GObject *held = *(GObject **)object;
    if (held)
        g_object_unref(held);
}

void library_free(void *text)
{
    g_free(*(char **)text);
}
