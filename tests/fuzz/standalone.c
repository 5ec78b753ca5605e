// SPDX-License-Identifier: GPL-2.0
/*
 * In place of libFuzzer where there is none: the same target on every file of the corpus, then on
 * what random changes make of them, for a time. Takes the arguments that tests/fuzz/run gives.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 24576

static struct {
	uint8_t data[MOST];
	size_t size;
} *inputs;
static unsigned int n_inputs;

static void load(const char *dir)
{
	struct dirent *e;
	char path[4096];
	DIR *d = opendir(dir);

	if (!d)
		return;
	while ((e = readdir(d))) {
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		f = fopen(path, "rb");
		if (!f)
			continue;
		inputs = realloc(inputs, (n_inputs + 1) * sizeof(*inputs));
		if (!inputs)
			abort();
		inputs[n_inputs].size = fread(inputs[n_inputs].data, 1, MOST, f);
		n_inputs++;
		fclose(f);
	}
	closedir(d);
}

int main(int argc, char **argv)
{
	static uint8_t buf[MOST];
	unsigned long runs = 0;
	long seconds = 10;
	time_t end;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "-max_total_time=", 16))
			seconds = atol(argv[i] + 16);
		else if (argv[i][0] != '-')
			load(argv[i]);
	}
	for (i = 0; i < (int)n_inputs; i++, runs++)
		LLVMFuzzerTestOneInput(inputs[i].data, inputs[i].size);
	srand(time(NULL));
	for (end = time(NULL) + seconds; n_inputs && time(NULL) < end; runs++) {
		unsigned int from = rand() % n_inputs, changes = 1 + rand() % 8;
		size_t size = inputs[from].size;

		memcpy(buf, inputs[from].data, size);
		while (size && changes--)
			buf[rand() % size] = rand();
		LLVMFuzzerTestOneInput(buf, size);
	}
	fprintf(stderr, "Done %lu runs in %ld second(s)\n", runs, seconds);
	return 0;
}
