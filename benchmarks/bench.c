/*
 * The driver: options, measuring, and one row alone for counting instructions.
 * report.c prints.
 */
#include "benchmarks/bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benchmarks/report.h"

const char *bench_program = "";
const struct bench *bench_current;

enum { SAMPLES_PER_ROUND = 8, QUICK_SAMPLES = 2 };

struct options {
  long rounds;
  double sample_ns;
  int samples; /* of each row in a round */
  const char *json;
  const char *count_row;
  long count;
};

double bench_failed(const char *row, const char *why) {
  fprintf(stderr, "%s: %s\n", row, why);
  return -1;
}

/* --- Options ------------------------------------------------------------- */

static void print_help(FILE *to) {
  fprintf(to,
          "Measures %s.\n"
          "usage: %s [OPTION]...\n"
          "  --rounds N      measure every row N times in turn (7)\n"
          "  --quick         2 short rounds: shows that it works, no more\n"
          "  --json FILE     write all samples to FILE as well\n"
          "  --count ROW N   do N turns of one row and print nothing: the\n"
          "                  difference of two such runs counts instructions\n"
          "                  (valgrind --tool=callgrind)\n"
          "  --list          print the rows' names\n"
          "  --help          print this\n",
          bench_current->what, bench_current->name);
}

static int wrong(const char *what, const char *option) {
  fprintf(stderr, "%s: %s: %s; --help says what there is\n",
          bench_current->name, option, what);
  return 2;
}

/* A positive number, or -1. */
static long parse_count(const char *text) {
  char *end;
  long n;
  if (!text || !*text) return -1;
  errno = 0;
  n = strtol(text, &end, 10);
  return errno || *end || n <= 0 ? -1 : n;
}

static void list(FILE *to) {
  for (size_t f = 0; bench_current->rows[f]; f++)
    for (size_t r = 0; r < bench_current->rows[f]->count; r++) {
      const struct row *row = &bench_current->rows[f]->row[r];
      fprintf(to, "%s%s\n", row->name, row->run ? "" : " (not here)");
    }
}

/* Returns an exit status, or -1 to go on. */
static int parse(int argc, char **argv, struct options *o, FILE *out) {
  for (int i = 1; i < argc; i++) {
    const char *a = argv[i];
    if (!strcmp(a, "--help")) {
      print_help(out);
      return 0;
    } else if (!strcmp(a, "--list")) {
      list(out);
      return 0;
    } else if (!strcmp(a, "--quick")) {
      o->rounds = 2;
      o->samples = QUICK_SAMPLES;
      o->sample_ns = 0.5e6;
    } else if (!strcmp(a, "--rounds")) {
      o->rounds = i + 1 < argc ? parse_count(argv[++i]) : -1;
      if (o->rounds < 0 || o->rounds > 100000)
        return wrong("wants a number from 1 to 100000", a);
    } else if (!strcmp(a, "--json")) {
      if (i + 1 == argc) return wrong("wants a file's name", a);
      o->json = argv[++i];
    } else if (!strcmp(a, "--count")) {
      if (i + 2 >= argc) return wrong("wants a row and a number", a);
      o->count_row = argv[++i];
      o->count = parse_count(argv[++i]);
      if (o->count < 0) return wrong("wants a positive number", a);
    } else {
      return wrong("no such option", a);
    }
  }
  return -1;
}

static int count(const struct options *o) {
  for (size_t f = 0; bench_current->rows[f]; f++)
    for (size_t r = 0; r < bench_current->rows[f]->count; r++) {
      const struct row *row = &bench_current->rows[f]->row[r];
      if (strcmp(row->name, o->count_row) != 0) continue;
      if (!row->run) return wrong(row->note, row->name);
      return row->run(o->count) < 0;
    }
  return wrong("no such row", o->count_row);
}

/* --- Measuring ----------------------------------------------------------- */

/* So many turns that a sample takes long enough for the clock; 0: the row
 * failed. */
static long calibrate(const struct row *row, double sample_ns) {
  enum { MOST = 1 << 30 };
  for (long turns = 64;; turns *= 4) {
    double ns = row->run(turns), scaled;
    if (ns < 0) return 0;
    if (ns < sample_ns / 4 && turns < MOST / 4) continue;
    scaled = (double)turns * sample_ns / (ns > 1 ? ns : 1);
    return scaled < 1 ? 1 : scaled < MOST ? (long)scaled : MOST;
  }
}

/* The rows that can be run, with room for their samples.  Returns how many;
 * -1: no memory. */
static int collect(size_t samples, struct measured **out) {
  size_t all = 0;
  int n = 0;
  for (size_t f = 0; bench_current->rows[f]; f++)
    all += bench_current->rows[f]->count;
  *out = calloc(all, sizeof **out);
  if (!*out) return -1;
  for (size_t f = 0; bench_current->rows[f]; f++)
    for (size_t r = 0; r < bench_current->rows[f]->count; r++) {
      struct measured *m = &(*out)[n];
      if (!bench_current->rows[f]->row[r].run) continue;
      m->row = &bench_current->rows[f]->row[r];
      m->ns = calloc(samples, sizeof *m->ns);
      if (!m->ns) return -1;
      n++;
    }
  return n;
}

/* Measures the rows, and moves those that fail to the end.  Returns how many
 * are good. */
static int measure(const struct options *o, struct measured *m, int n) {
  int good = 0;
  for (int i = 0; i < n; i++) {
    struct measured row = m[i];
    row.turns = calibrate(row.row, o->sample_ns);
    m[i] = m[good];
    m[row.turns ? good++ : i] = row;
  }
  for (long round = 0; round < o->rounds; round++) {
    fprintf(stderr, "\r%s: round %ld of %ld, %d rows", bench_current->name,
            round + 1, o->rounds, good);
    for (int i = 0; i < good; i++)
      for (int s = 0; s < o->samples; s++) {
        double ns = m[i].row->run(m[i].turns);
        if (ns < 0) return 0;
        m[i].ns[m[i].samples++] =
            ns / ((double)m[i].turns * bench_current->per_turn);
      }
  }
  fprintf(stderr, "\r%*s\r", 60, "");
  return good;
}

int bench_main(int argc, char **argv, const struct bench *bench, FILE *out) {
  struct options o = {.rounds = 7, .sample_ns = 4e6};
  struct measured *m = NULL;
  int n, good, cpu, rc;
  o.samples = SAMPLES_PER_ROUND;
  bench_current = bench;
  bench_program = argc ? argv[0] : "";
  rc = parse(argc, argv, &o, out);
  if (rc >= 0) return rc;
  cpu = bench_pin();
  if (o.count_row) return count(&o);
  n = collect((size_t)o.rounds * (size_t)o.samples, &m);
  if (n < 0) fprintf(stderr, "%s: no memory\n", bench_current->name);
  good = n < 0 ? 0 : measure(&o, m, n);
  rc = good == n ? 0 : 1;
  if (good) {
    struct run run = {.cpu = cpu,
                      .rounds = o.rounds,
                      .samples = o.samples,
                      .sample_ns = o.sample_ns};
    report_table(out, &run, m, good);
    if (o.json && report_json(&run, m, good, o.json) < 0) {
      fprintf(stderr, "%s: cannot write %s: %s\n", bench_current->name, o.json,
              strerror(errno));
      rc = 1;
    }
  }
  for (int i = 0; i < n; i++) free(m[i].ns);
  free(m);
  return rc;
}
