#include "record/wav_file.h"

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

std::span<const std::uint8_t> bytes_of(std::span<const std::int16_t> samples) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes()};
}

}  // namespace

std::unique_ptr<WavFile> WavFile::create(const std::string& path, int rate_hz, std::string& error, const std::optional<Seal>& seal) {
  std::unique_ptr<ByteFile> bytes;
  if (seal) {
    bytes = SealedFile::create(path, seal->prefix, seal->key);
  } else {
    bytes = PlainFile::create(path);
  }
  if (bytes == nullptr) {
    error = reason_of(errno);
    return nullptr;
  }
  std::unique_ptr<WavFile> file(new WavFile(std::move(bytes), rate_hz, seal ? 0 : kHeaderBytes));
  file->write_header();
  if (file->failed()) {
    error = file->error();
    return nullptr;
  }
  return file;
}

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
  if (header_bytes_ == 0) return;
  // Also after a failure: these bytes have had their place on the disk since the file was created.
  write_at(make_header(rate_hz_, disk_frames_), 0);
}

void WavFile::finish() {
  write_until(pending_begin_ + static_cast<std::int64_t>(pending_.size() / 2));
  write_header();
}

void WavFile::write_until(std::int64_t position) {
  const std::int64_t pending_frames = static_cast<std::int64_t>(pending_.size() / 2);
  const std::int64_t frames = std::min(position - pending_begin_, pending_frames);
  if (frames <= 0 || failed()) return;
  if (!write_at(bytes_of(std::span(pending_).first(static_cast<std::size_t>(frames) * 2)), offset_of(pending_begin_))) return;
  pending_begin_ += frames;
  disk_frames_ = pending_begin_;
  pending_.erase(pending_.begin(), pending_.begin() + frames * 2);
}

void WavFile::write_in_place(Side side, std::int64_t position, std::span<const std::int16_t> samples) {
  const auto channel = static_cast<std::size_t>(side);
  std::vector<std::int16_t> frames(samples.size() * 2);
  const std::int64_t offset = offset_of(position);
  if (!file_->read_at({reinterpret_cast<std::uint8_t*>(frames.data()), frames.size() * sizeof(std::int16_t)}, offset)) {
    fail(reason_of(errno));
  } else {
    for (std::size_t i = 0; i < samples.size(); ++i) frames[2 * i + channel] = samples[i];
    write_at(bytes_of(frames), offset);
  }
  if (failed()) {
    lost_samples_ += samples.size();
    return;
  }
  const std::int64_t end = position + static_cast<std::int64_t>(samples.size());
  disk_frames_ = std::max(disk_frames_, end);
  side_end_[channel] = std::max(side_end_[channel], end);
}

std::int64_t WavFile::offset_of(std::int64_t position) const noexcept {
  return static_cast<std::int64_t>(header_bytes_) + position * static_cast<std::int64_t>(kFrameBytes);
}

bool WavFile::write_at(std::span<const std::uint8_t> bytes, std::int64_t offset) {
  if (file_->write_at(bytes, offset)) return true;
  fail(reason_of(errno));
  return false;
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
