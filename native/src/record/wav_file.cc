#include "record/wav_file.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <system_error>
#include <utility>

namespace offhook {

namespace {

static_assert(std::endian::native == std::endian::little, "samples are written as they lie in memory");

using Header = std::array<std::uint8_t, WavFile::kHeaderBytes>;

void put(Header& header, std::size_t at, std::size_t bytes, std::uint32_t value) noexcept {
  for (std::size_t i = 0; i < bytes; ++i) header[at + i] = static_cast<std::uint8_t>(value >> (8 * i) & 0xFFU);
}

/// The canonical RIFF header: one `fmt ` chunk of PCM, one `data` chunk to the end of the file.
Header make_header(int rate_hz, std::int64_t frames) noexcept {
  const auto rate = static_cast<std::uint32_t>(rate_hz);
  const auto data_bytes = static_cast<std::uint32_t>(frames * 4);
  Header header{'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'A', 'V', 'E', 'f', 'm', 't', ' '};
  put(header, 4, 4, data_bytes + static_cast<std::uint32_t>(WavFile::kHeaderBytes) - 8);
  put(header, 16, 4, 16);        // size of what follows in this chunk
  put(header, 20, 2, 1);         // PCM
  put(header, 22, 2, 2);         // channels
  put(header, 24, 4, rate);
  put(header, 28, 4, rate * 4);  // bytes per second
  put(header, 32, 2, 4);         // bytes per frame
  put(header, 34, 2, 16);        // bits per sample
  put(header, 36, 4, 0x61746164);  // "data"
  put(header, 40, 4, data_bytes);
  return header;
}

std::string reason_of(int error) { return std::generic_category().message(error); }

/// Reads as zeros what lies behind the end of the file. False on an I/O error.
bool read_at(int fd, std::span<std::int16_t> into, std::int64_t offset) {
  auto* at = reinterpret_cast<char*>(into.data());
  std::size_t left = into.size_bytes();
  while (left > 0) {
    const ssize_t got = ::pread(fd, at, left, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) {
      std::fill_n(at, left, '\0');
      return true;
    }
    at += got;
    offset += got;
    left -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

std::unique_ptr<WavFile> WavFile::create(const std::string& path, int rate_hz, std::string& error) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0) {
    error = reason_of(errno);
    return nullptr;
  }
  std::unique_ptr<WavFile> file(new WavFile(fd, rate_hz));
  file->write_header();
  if (file->failed()) {
    error = file->error();
    return nullptr;
  }
  return file;
}

WavFile::~WavFile() { ::close(fd_); }

void WavFile::place(Side side, std::int64_t position, std::span<const std::int16_t> samples) {
  const auto size = static_cast<std::int64_t>(samples.size());
  const auto before_start = static_cast<std::size_t>(-std::clamp<std::int64_t>(position, -size, 0));
  lost_samples_ += before_start;
  samples = samples.subspan(before_start);
  position = std::max<std::int64_t>(position, 0);
  if (samples.empty()) return;
  if (!failed() && position > kMaxFrames - static_cast<std::int64_t>(samples.size())) {
    finish();
    fail("longer than a WAV file can be");
  }
  if (failed()) {
    lost_samples_ += samples.size();
    return;
  }

  const auto late = std::clamp<std::int64_t>(pending_begin_ - position, 0, static_cast<std::int64_t>(samples.size()));
  if (late > 0) {
    write_in_place(side, position, samples.first(static_cast<std::size_t>(late)));
    samples = samples.subspan(static_cast<std::size_t>(late));
    position += late;
    if (samples.empty()) return;
  }

  const std::int64_t pending_end = pending_begin_ + static_cast<std::int64_t>(pending_.size() / 2);
  if (position > pending_end + max_lag_frames_) {
    // A long silence stays a hole in the file instead of zeros in memory.
    write_until(pending_end);
    pending_begin_ = position - max_lag_frames_;
    if (failed()) return;
  }
  const auto begin = static_cast<std::size_t>(position - pending_begin_);
  if (pending_.size() < 2 * (begin + samples.size())) pending_.resize(2 * (begin + samples.size()));
  const auto channel = static_cast<std::size_t>(side);
  for (std::size_t i = 0; i < samples.size(); ++i) pending_[2 * (begin + i) + channel] = samples[i];
  side_end_[channel] = std::max(side_end_[channel], position + static_cast<std::int64_t>(samples.size()));
}

void WavFile::flush() {
  const auto [behind, ahead] = std::minmax(side_end_[0], side_end_[1]);
  write_until(std::max(behind, ahead - max_lag_frames_));
}

void WavFile::write_header() {
  // Also after a failure: these bytes have had their place on the disk since the file was created.
  const Header header = make_header(rate_hz_, disk_frames_);
  write_at(header.data(), header.size(), 0);
}

void WavFile::finish() {
  write_until(pending_begin_ + static_cast<std::int64_t>(pending_.size() / 2));
  write_header();
}

void WavFile::write_until(std::int64_t position) {
  const std::int64_t pending_frames = static_cast<std::int64_t>(pending_.size() / 2);
  const std::int64_t frames = std::min(position - pending_begin_, pending_frames);
  if (frames <= 0 || failed()) return;
  const std::int64_t offset = static_cast<std::int64_t>(kHeaderBytes) + pending_begin_ * static_cast<std::int64_t>(kFrameBytes);
  if (!write_at(pending_.data(), static_cast<std::size_t>(frames) * kFrameBytes, offset)) return;
  pending_begin_ += frames;
  disk_frames_ = pending_begin_;
  pending_.erase(pending_.begin(), pending_.begin() + frames * 2);
}

void WavFile::write_in_place(Side side, std::int64_t position, std::span<const std::int16_t> samples) {
  const auto channel = static_cast<std::size_t>(side);
  std::vector<std::int16_t> frames(samples.size() * 2);
  const std::int64_t offset = static_cast<std::int64_t>(kHeaderBytes) + position * static_cast<std::int64_t>(kFrameBytes);
  if (!read_at(fd_, frames, offset)) {
    fail(reason_of(errno));
  } else {
    for (std::size_t i = 0; i < samples.size(); ++i) frames[2 * i + channel] = samples[i];
    write_at(frames.data(), frames.size() * sizeof(std::int16_t), offset);
  }
  if (failed()) {
    lost_samples_ += samples.size();
    return;
  }
  const std::int64_t end = position + static_cast<std::int64_t>(samples.size());
  disk_frames_ = std::max(disk_frames_, end);
  side_end_[channel] = std::max(side_end_[channel], end);
}

bool WavFile::write_at(const void* bytes, std::size_t size, std::int64_t offset) {
  const auto* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t written = ::pwrite(fd_, at, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      fail(written < 0 ? reason_of(errno) : "nothing could be written");
      return false;
    }
    at += written;
    offset += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

void WavFile::fail(std::string reason) {
  if (failed()) return;
  error_ = std::move(reason);
  for (const std::int64_t end : side_end_) {
    lost_samples_ += static_cast<std::uint64_t>(std::max<std::int64_t>(end - pending_begin_, 0));
  }
  pending_.clear();
  pending_.shrink_to_fit();
  write_header();
}

}  // namespace offhook
