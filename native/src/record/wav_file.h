#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "record/byte_file.h"

namespace offhook {

/// How a recording is encrypted: what its file begins with, and the key that is this file's alone.
struct Seal {
  std::vector<std::uint8_t> prefix;
  std::array<std::uint8_t, SealedFile::kKeyBytes> key{};
};

/// A stereo 16-bit PCM WAV file whose two sides are filled independently, by position on one timeline. Gaps are zeros.
///
/// What lies further back than the newest `kMaxLagMs` is on disk after `flush`; a side that comes later still is written in place.
/// The header never promises more than the file holds, so the file is valid whenever the process is killed.
/// After an I/O error nothing more is written and what is on disk stays valid. Owned by one thread.
class WavFile {
 public:
  enum class Side : std::uint8_t { left = 0, right = 1 };

  static constexpr std::size_t kHeaderBytes = 44;
  static constexpr std::int64_t kMaxLagMs = 1000;
  /// Sizes in the header have 32 bits.
  static constexpr std::int64_t kMaxFrames = (0xFFFFFFFFLL - static_cast<std::int64_t>(kHeaderBytes)) / 4;

  /// Creates the file, or empties it, and writes the header. Null, with the reason in `error`, when that fails.
  /// With a seal what lies on disk is behind its prefix and encrypted, and has no header: its length is that of the file.
  static std::unique_ptr<WavFile> create(const std::string& path, int rate_hz, std::string& error, const std::optional<Seal>& seal = std::nullopt);

  WavFile(const WavFile&) = delete;
  WavFile& operator=(const WavFile&) = delete;

  void place(Side side, std::int64_t position, std::span<const std::int16_t> samples);

  /// Writes what both sides have reached, or what the one ahead has passed by `kMaxLagMs`.
  void flush();

  /// Brings the sizes in the header up to what is on disk.
  void write_header();

  /// Writes all that is left, and the header.
  void finish();

  [[nodiscard]] bool failed() const noexcept { return !error_.empty(); }
  [[nodiscard]] const std::string& error() const noexcept { return error_; }
  /// Length of the timeline on disk.
  [[nodiscard]] std::int64_t frames_on_disk() const noexcept { return disk_frames_; }
  /// Samples of either side that could not be kept; what a failure cuts off counts with its gaps.
  [[nodiscard]] std::uint64_t lost_samples() const noexcept { return lost_samples_; }

 private:
  static constexpr std::size_t kFrameBytes = 4;

  WavFile(std::unique_ptr<ByteFile> file, int rate_hz, std::size_t header_bytes) noexcept
      : file_(std::move(file)), rate_hz_(rate_hz), header_bytes_(header_bytes), max_lag_frames_(kMaxLagMs * rate_hz / 1000) {}

  void write_until(std::int64_t position);
  void write_in_place(Side side, std::int64_t position, std::span<const std::int16_t> samples);
  [[nodiscard]] std::int64_t offset_of(std::int64_t position) const noexcept;
  bool write_at(std::span<const std::uint8_t> bytes, std::int64_t offset);
  void fail(std::string reason);

  std::unique_ptr<ByteFile> file_;
  int rate_hz_;
  std::size_t header_bytes_;
  std::int64_t max_lag_frames_;
  std::int64_t disk_frames_{0};      ///< end of the timeline on disk, holes included
  std::int64_t pending_begin_{0};    ///< position of the first frame in `pending_`; all before it is on disk or a hole
  std::vector<std::int16_t> pending_;  ///< interleaved
  std::array<std::int64_t, 2> side_end_{0, 0};
  std::uint64_t lost_samples_{0};
  std::string error_;
};

}  // namespace offhook
