/* Bytes per second that all threads together can read from memory: what bounds decoding, as every token reads every
   weight once. Usage: bandwidth THREADS MEBIBYTES ROUNDS; prints the best and the median round in bytes per second. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static size_t bytes_each;
static pthread_barrier_t gate;
static int rounds;
static volatile uint64_t sink;

static void *reader(void *arg) {
    const uint64_t *p = arg;
    size_t n = bytes_each / 8;
    for (int r = 0; r < rounds; r++) {
        pthread_barrier_wait(&gate);
        uint64_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (size_t i = 0; i + 8 <= n; i += 8) {
            a += p[i]; b += p[i + 1]; c += p[i + 2]; d += p[i + 3];
            e += p[i + 4]; f += p[i + 5]; g += p[i + 6]; h += p[i + 7];
        }
        sink = a + b + c + d + e + f + g + h;
        pthread_barrier_wait(&gate);
    }
    return NULL;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 2;
    size_t total = (size_t)(argc > 2 ? atoi(argv[2]) : 1024) << 20;
    rounds = argc > 3 ? atoi(argv[3]) : 9;
    bytes_each = total / threads;
    pthread_t t[64];
    if (threads < 1 || threads > 64 || rounds < 1 || rounds > 100) return 2;
    pthread_barrier_init(&gate, NULL, threads + 1);
    for (int i = 0; i < threads; i++) {
        void *m = mmap(NULL, bytes_each, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (m == MAP_FAILED) return 3;
#ifdef MADV_HUGEPAGE
        madvise(m, bytes_each, MADV_HUGEPAGE);
#endif
        memset(m, i + 1, bytes_each);
        pthread_create(&t[i], NULL, reader, m);
    }
    double seen[100];
    for (int r = 0; r < rounds; r++) {
        pthread_barrier_wait(&gate);
        double start = now();
        pthread_barrier_wait(&gate);
        seen[r] = (double)bytes_each * threads / (now() - start);
    }
    qsort(seen, rounds, sizeof(double), by_size);
    printf("%.0f %.0f\n", seen[rounds - 1], seen[rounds / 2]);
    return 0;
}
