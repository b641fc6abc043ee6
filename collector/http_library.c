#include "collector/http_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct http_library library;
static bool loaded;

static const struct {
    const char *name;
    size_t at;
} functions[] = {
#define HTTP_LIBRARY_ROW(name) {"MHD_" #name, offsetof(struct http_library, name)},
    HTTP_LIBRARY_FUNCTIONS(HTTP_LIBRARY_ROW)
#undef HTTP_LIBRARY_ROW
};

static void load(void)
{
    void *handle = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
    loaded = handle != NULL;
    for (size_t i = 0; i < sizeof functions / sizeof *functions && loaded; i++) {
        void *symbol = dlsym(handle, functions[i].name);
        memcpy((char *)&library + functions[i].at, &symbol, sizeof symbol);
        loaded = symbol != NULL;
    }
}

const struct http_library *http_library_load(void)
{
    pthread_once(&once, load);
    return loaded ? &library : NULL;
}
