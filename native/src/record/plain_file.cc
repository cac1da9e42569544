#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "record/byte_file.h"

namespace offhook {

std::unique_ptr<PlainFile> PlainFile::create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  return fd < 0 ? nullptr : std::unique_ptr<PlainFile>(new PlainFile(fd));
}

PlainFile::~PlainFile() { ::close(fd_); }

void PlainFile::end_at(std::int64_t offset) noexcept {
  // Where it fails, what is behind stays: unreadable, and no worse than it was.
  if (::ftruncate(fd_, static_cast<off_t>(offset)) != 0) return;
}

bool PlainFile::read_at(std::span<std::uint8_t> into, std::int64_t offset) {
  while (!into.empty()) {
    const ssize_t got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) {
      std::fill(into.begin(), into.end(), std::uint8_t{0});
      return true;
    }
    into = into.subspan(static_cast<std::size_t>(got));
    offset += got;
  }
  return true;
}

bool PlainFile::write_at(std::span<const std::uint8_t> bytes, std::int64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      if (written == 0) errno = ENOSPC;
      return false;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += written;
  }
  return true;
}

}  // namespace offhook
