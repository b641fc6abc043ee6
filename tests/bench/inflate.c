/*
 * inflate: the yardstick of the benchmarks. Inflates a gzip file into one reused buffer with plain
 * zlib and keeps nothing, which is the least any reader of the file must do. Prints nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static unsigned char in[64 << 10], out[128 << 10];

/* Returns 0, or -1 when FD is not a whole gzip stream (of one member or several). */
static int inflate_fd(int fd)
{
    z_stream zip;
    int result = Z_OK;
    ssize_t len;

    memset(&zip, 0, sizeof(zip));
    if (inflateInit2(&zip, 15 + 16) != Z_OK)
        return -1;
    while ((len = read(fd, in, sizeof(in))) > 0) {
        zip.next_in = in;
        zip.avail_in = (uInt)len;
        do {
            if (result == Z_STREAM_END && inflateReset(&zip) != Z_OK)
                break;
            zip.next_out = out;
            zip.avail_out = sizeof(out);
            result = inflate(&zip, Z_NO_FLUSH);
        } while (result == Z_OK || (result == Z_STREAM_END && zip.avail_in > 0));
        if (result != Z_STREAM_END && result != Z_BUF_ERROR)
            break;
    }
    inflateEnd(&zip);
    return len == 0 && result == Z_STREAM_END ? 0 : -1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: inflate FILE.gz\n", stderr);
        return 2;
    }
    int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        perror(argv[1]);
        return 1;
    }
    if (inflate_fd(fd) < 0) {
        fprintf(stderr, "%s: not a whole gzip file\n", argv[1]);
        return 1;
    }
    return 0;
}
