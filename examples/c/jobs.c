/* jobs: a small program to profile. Workers take texts from a queue, count their words in a table
 * they share, and sort what they found. It uses CPU time, allocates, and waits for one lock too
 * many.
 *
 *     cc -O2 -g -pthread -o jobs examples/c/jobs.c
 *     cpprof record --cpu --heap --mutex ./jobs
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKERS = 4, JOBS = 2000, WORDS = 3000, BUCKETS = 1024 };

struct word {
    struct word *next;
    unsigned count;
    char text[16];
};

static struct {
    pthread_mutex_t lock; /* of the whole table: what the mutex profile shows */
    struct word *bucket[BUCKETS];
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static int next_job;

static unsigned random_number(unsigned *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static char *make_text(unsigned seed)
{
    char *text = malloc(WORDS * 8 + 1), *at = text;
    for (int i = 0; i < WORDS; i++) {
        unsigned letters = 2 + random_number(&seed) % 4;
        for (unsigned l = 0; l < letters; l++)
            *at++ = (char)('a' + random_number(&seed) % 8);
        *at++ = ' ';
    }
    *at = '\0';
    return text;
}

static struct word **find_word(const char *text, size_t len)
{
    unsigned hash = 0;
    for (size_t i = 0; i < len; i++)
        hash = hash * 31 + (unsigned char)text[i];
    struct word **at = &table.bucket[hash % BUCKETS];
    while (*at && (strncmp((*at)->text, text, len) != 0 || (*at)->text[len]))
        at = &(*at)->next;
    return at;
}

static void count_word(const char *text, size_t len)
{
    struct word **at = find_word(text, len);
    if (!*at) {
        *at = calloc(1, sizeof **at);
        memcpy((*at)->text, text, len);
    }
    (*at)->count++;
}

static void count_words(const char *text)
{
    pthread_mutex_lock(&table.lock);
    for (size_t len; *text; text += len + 1) {
        len = strcspn(text, " ");
        count_word(text, len);
    }
    pthread_mutex_unlock(&table.lock);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int sort_words(char *text)
{
    char *words[WORDS], *rest = NULL;
    int count = 0;
    for (char *w = strtok_r(text, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
        words[count++] = w;
    qsort(words, (size_t)count, sizeof *words, compare);
    return words[count / 2][0];
}

static void *work(void *sum)
{
    for (;;) {
        pthread_mutex_lock(&queue);
        int job = next_job++;
        pthread_mutex_unlock(&queue);
        if (job >= JOBS)
            return sum;
        char *text = make_text((unsigned)job);
        count_words(text);
        *(long *)sum += sort_words(text);
        free(text);
    }
}

int main(void)
{
    pthread_t workers[WORKERS];
    long sums[WORKERS] = {0}, sum = 0;
    for (int i = 0; i < WORKERS; i++)
        pthread_create(&workers[i], NULL, work, &sums[i]);
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(workers[i], NULL);
        sum += sums[i];
    }
    printf("%ld\n", sum);
    return 0;
}
