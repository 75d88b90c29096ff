/*
 * The table and the JSON.  Ratios are of minima: what disturbs a sample only
 * ever adds to it.
 */
#include "benchmarks/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benchmarks/build.h"

static double minimum(const struct measured *m) {
  double least = m->ns[0];
  for (size_t i = 1; i < m->samples; i++)
    if (m->ns[i] < least) least = m->ns[i];
  return least;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* -1: no memory. */
static double median(const struct measured *m) {
  double *sorted = malloc(m->samples * sizeof *sorted), middle;
  if (!sorted) return -1;
  memcpy(sorted, m->ns, m->samples * sizeof *sorted);
  qsort(sorted, m->samples, sizeof *sorted, ascending);
  middle = sorted[m->samples / 2];
  if (m->samples % 2 == 0) middle = (middle + sorted[m->samples / 2 - 1]) / 2;
  free(sorted);
  return middle;
}

static const struct measured *find(const struct measured *m, int n,
                                   const char *name) {
  for (int i = 0; i < n; i++)
    if (!strcmp(m[i].row->name, name)) return &m[i];
  return NULL;
}

static const struct measured *best_peer(const struct measured *m, int n) {
  const struct measured *best = NULL;
  for (int i = 0; i < n; i++)
    if (m[i].row->kind == BENCH_PEER &&
        (!best || minimum(&m[i]) < minimum(best)))
      best = &m[i];
  return best;
}

static void print_absent(FILE *out) {
  for (size_t f = 0; bench_current->rows[f]; f++)
    for (size_t r = 0; r < bench_current->rows[f]->count; r++) {
      const struct row *row = &bench_current->rows[f]->row[r];
      if (!row->run) fprintf(out, "not here: %s: %s\n", row->name, row->note);
    }
}

void report_table(FILE *out, const struct run *run, const struct measured *m,
                  int n) {
  const struct measured *base = find(m, n, bench_current->base);
  const struct measured *headline = find(m, n, bench_current->headline);
  const struct measured *peer = best_peer(m, n);
  char cpu[96];

  if (headline)
    fprintf(out, "%s: %.2f\n\n", bench_current->unit, minimum(headline));
  bench_cpu_name(cpu, sizeof cpu);
  fprintf(out, "built      %s, %s\n", bench_mode, bench_compiler);
  fprintf(out, "coro       %s, %s\n", bench_backend(), bench_exceptions());
  fprintf(out, "machine    %s%s", *cpu ? cpu : "processor unknown",
          run->cpu < 0 ? "; not pinned" : "");
  if (run->cpu >= 0) fprintf(out, "; pinned to CPU %d", run->cpu);
  fprintf(out, "\nsamples    %ld rounds of %d, each about %.1f ms\n",
          run->rounds, run->samples, run->sample_ns / 1e6);
  fprintf(out, "numbers    %s\n\n", bench_current->what);

  fprintf(out, "%-28s %9s %9s", "", "min", "median");
  if (base) fprintf(out, " %9s", bench_current->base_head);
  if (headline) fprintf(out, " %9s", bench_current->headline_head);
  fprintf(out, "\n");
  for (int i = 0; i < n; i++) {
    double least = minimum(&m[i]);
    fprintf(out, "%-28s %9.3f %9.3f", m[i].row->name, least, median(&m[i]));
    if (base) fprintf(out, " %9.2f", least / minimum(base));
    if (headline) fprintf(out, " %9.2f", least / minimum(headline));
    fprintf(out, "  %s\n", m[i].row->note);
  }
  if (base)
    fprintf(out, "\n%s: how many times the minimum of \"%s\"",
            bench_current->base_head, bench_current->base);
  if (headline)
    fprintf(out, "\n%s: how many times that of \"%s\"\n",
            bench_current->headline_head, bench_current->headline);
  if (headline && peer)
    fprintf(out, "the best peer, \"%s\", takes %.2f times as long as \"%s\"\n",
            peer->row->name, minimum(peer) / minimum(headline),
            bench_current->headline);
  print_absent(out);
}

static void print_string(FILE *f, const char *text) {
  putc('"', f);
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\')
      fprintf(f, "\\%c", c);
    else if (c < 0x20)
      fprintf(f, "\\u%04x", (unsigned)c);
    else
      putc(c, f);
  }
  putc('"', f);
}

static void print_member(FILE *f, const char *key, const char *text) {
  fprintf(f, "  \"%s\": ", key);
  print_string(f, text);
  fprintf(f, ",\n");
}

static const char *kind_name(enum bench_kind kind) {
  switch (kind) {
  case BENCH_FLOOR:
    return "floor";
  case BENCH_OURS:
    return "ours";
  case BENCH_REFERENCE:
    return "reference";
  case BENCH_PEER:
    break;
  }
  return "peer";
}

int report_json(const struct run *run, const struct measured *m, int n,
                const char *path) {
  FILE *f = fopen(path, "w");
  char cpu[96];
  int bad, saved;
  if (!f) return -1;
  bench_cpu_name(cpu, sizeof cpu);
  fprintf(f, "{\n");
  print_member(f, "benchmark", bench_current->name);
  print_member(f, "unit", bench_current->unit);
  print_member(f, "mode", bench_mode);
  print_member(f, "compiler", bench_compiler);
  print_member(f, "backend", bench_backend());
  print_member(f, "exceptions", bench_exceptions());
  print_member(f, "processor", cpu);
  fprintf(f, "  \"pinned_to\": %d,\n  \"rows\": [", run->cpu);
  for (int i = 0; i < n; i++) {
    fprintf(f, "%s\n    {\"name\": ", i ? "," : "");
    print_string(f, m[i].row->name);
    fprintf(f, ", \"kind\": \"%s\", \"turns\": %ld, \"min\": %.6g, ",
            kind_name(m[i].row->kind), m[i].turns, minimum(&m[i]));
    fprintf(f, "\"median\": %.6g,\n     \"samples\": [", median(&m[i]));
    for (size_t s = 0; s < m[i].samples; s++)
      fprintf(f, "%s%.6g", s ? ", " : "", m[i].ns[s]);
    fprintf(f, "]}");
  }
  fprintf(f, "\n  ]\n}\n");
  bad = ferror(f);
  saved = errno;
  if (fclose(f)) return -1;
  errno = saved;
  return bad ? -1 : 0;
}
