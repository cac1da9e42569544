#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "srtp_cipher.h"

namespace offhook {

/// Remembers which of the newest 128 indices came already (RFC 3711 section 3.3.2).
class ReplayWindow {
 public:
  static constexpr std::size_t kSize = 128;

  [[nodiscard]] bool is_new(std::uint64_t index) const noexcept {
    if (!started_ || index > newest_) return true;
    return newest_ - index < kSize && !seen_[newest_ - index];
  }

  /// To be called once a packet is known to be genuine.
  void accept(std::uint64_t index) noexcept {
    if (!started_ || index > newest_) {
      const std::uint64_t step = started_ ? index - newest_ : kSize;
      seen_ = step < kSize ? seen_ << step : std::bitset<kSize>{};
      newest_ = index;
      started_ = true;
    }
    if (newest_ - index < kSize) seen_.set(newest_ - index);
  }

  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] std::uint64_t newest() const noexcept { return newest_; }

 private:
  std::bitset<kSize> seen_;
  std::uint64_t newest_{0};
  bool started_{false};
};

/// Protects the RTP of one source. Not thread-safe.
class SrtpSender {
 public:
  /// Empty when the key does not fit the suite.
  static std::unique_ptr<SrtpSender> create(SrtpSuite suite, std::span<const std::uint8_t> master);

  /// Turns the packet of `length` bytes in `buffer` into its protected form, in place. Returns the new length: 0 when there
  /// is no room for the tag (kSrtpOverheadBytes is enough), or the packet is none. Sequence numbers come in order.
  [[nodiscard]] std::size_t protect(std::span<std::uint8_t> buffer, std::size_t length) noexcept;

 private:
  explicit SrtpSender(std::unique_ptr<SrtpCipher> cipher) : cipher_(std::move(cipher)) {}

  std::unique_ptr<SrtpCipher> cipher_;
  std::uint32_t rollovers_{0};
  std::uint16_t last_sequence_{0};
  bool started_{false};
};

/// Takes the protection off what is received under one key, from the sources that use it. Not thread-safe.
class SrtpReceiver {
 public:
  static std::unique_ptr<SrtpReceiver> create(SrtpSuite suite, std::span<const std::uint8_t> master);

  /// Decrypts in place. Returns the length without the tag, or 0: not RTP, forged, or seen before.
  [[nodiscard]] std::size_t unprotect(std::span<std::uint8_t> packet) noexcept;

  /// The key changed in the middle of a call: what is still on its way under the one before is taken until `kOverlapPackets`
  /// have come under this one. Gives back what `before` itself had taken over from, for the caller to destroy.
  [[nodiscard]] std::unique_ptr<SrtpReceiver> take_over_from(std::unique_ptr<SrtpReceiver> before) noexcept;

  /// A second of audio: by then nobody sends under the old key any more.
  static constexpr unsigned kOverlapPackets = 50;

 private:
  /// A far end that changes its SSRC begins to count anew; the few before it stay known, so that a recording of them cannot
  /// be played to us again.
  static constexpr std::size_t kMostSources = 4;
  struct Source {
    std::uint32_t ssrc{0};
    ReplayWindow window;
  };

  explicit SrtpReceiver(std::unique_ptr<SrtpCipher> cipher) : cipher_(std::move(cipher)) {}
  [[nodiscard]] std::size_t unprotect_now(std::span<std::uint8_t> packet) noexcept;
  [[nodiscard]] Source* find(std::uint32_t ssrc) noexcept;
  [[nodiscard]] bool open(std::span<std::uint8_t> packet, std::size_t header_bytes, std::uint32_t ssrc, std::uint64_t index) noexcept;

  std::unique_ptr<SrtpCipher> cipher_;
  std::array<Source, kMostSources> sources_{};
  std::size_t oldest_{0};
  std::unique_ptr<SrtpReceiver> before_;
  unsigned overlap_left_{0};
};

/// The 48-bit index that a sequence number most likely stands for, given the newest (RFC 3711 section 3.3.1).
[[nodiscard]] std::uint64_t srtp_index_near(std::uint16_t sequence, std::uint64_t newest) noexcept;

/// Protects RTCP, packet by packet (RFC 3711 section 3.4). Not thread-safe.
class SrtcpSender {
 public:
  static std::unique_ptr<SrtcpSender> create(SrtpSuite suite, std::span<const std::uint8_t> master);
  /// As SrtpSender::protect.
  [[nodiscard]] std::size_t protect(std::span<std::uint8_t> buffer, std::size_t length) noexcept;

 private:
  explicit SrtcpSender(std::unique_ptr<SrtpCipher> cipher) : cipher_(std::move(cipher)) {}
  std::unique_ptr<SrtpCipher> cipher_;
  std::uint32_t index_{0};
};

class SrtcpReceiver {
 public:
  static std::unique_ptr<SrtcpReceiver> create(SrtpSuite suite, std::span<const std::uint8_t> master);
  /// As SrtpReceiver::unprotect.
  [[nodiscard]] std::size_t unprotect(std::span<std::uint8_t> packet) noexcept;

 private:
  explicit SrtcpReceiver(std::unique_ptr<SrtpCipher> cipher) : cipher_(std::move(cipher)) {}
  std::unique_ptr<SrtpCipher> cipher_;
  ReplayWindow window_;
};

}  // namespace offhook
