#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "clock.h"
#include "line_codec.h"
#include "rtp/delay_estimator.h"
#include "rtp/reorder_buffer.h"
#include "rtp/sequence.h"

namespace offhook {

/// Turns the packets of a stream, as the network lets them come, into audio on the clock of whoever listens.
///
/// The delay is what the packets' own lateness asks for. It grows and shrinks by whole pitch periods, or freely where nothing
/// is said; a pause that the far end left out of its packets is shortened or lengthened to the same end. Drift of the
/// two clocks comes out in the same way. What is missing when its time has come is concealed, from the packet after it where
/// that one repeats it (Opus), and faded out after 60 ms: then the line is silent until something comes.
///
/// With nothing there at all the stream is late as a whole, so that the delay grows by what was made up; a packet missing in front of
/// others has lost its turn.
///
/// Beside the audio that goes to machines on arrival: it has a decoder of its own. Owned by the media thread; allocates when
/// constructed only.
class JitterBuffer {
 public:
  /// Control thread. Without a codec it is silent until it gets one.
  JitterBuffer(std::unique_ptr<LineCodec> codec, std::uint32_t clock_rate_hz) noexcept
      : codec_(std::move(codec)), clock_rate_hz_(clock_rate_hz) {}

  /// From now on packets are those of `codec`, which becomes the one used so far.
  void swap_codec(std::unique_ptr<LineCodec>& codec, std::uint32_t clock_rate_hz) noexcept;

  /// The source changed: numbers and timestamps begin anew. What was decoded is still played.
  void restart() noexcept;

  /// `sequence` comes from a SequenceUnwrapper. A packet without audio keeps its place with an empty payload.
  void insert(std::int64_t sequence, std::uint32_t timestamp, std::span<const std::uint8_t> payload, MonotonicNs arrival) noexcept;

  /// The packet just inserted without audio was comfort noise of this payload (RFC 3389): what is silent behind it sounds like that.
  void comfort_noise(std::span<const std::uint8_t> payload) noexcept {
    if (!payload.empty()) noise_level_ = payload[0];
  }

  /// What is heard next, at most 60 ms; `due` is when it leaves, and grows from call to call by the length of the frames.
  void take(std::span<std::int16_t> frame, MonotonicNs due) noexcept;

  struct Figures {
    std::uint64_t made_up_samples{0};  ///< concealed, whether lost or late
    std::uint64_t cut_samples{0};      ///< left out to shorten the delay
    std::uint64_t repeated_samples{0};
    std::uint64_t packets_unused{0};  ///< came too late for their turn, or lay too long
  };
  [[nodiscard]] const Figures& figures() const noexcept { return figures_; }
  /// RTP time, in samples since the stream's first timestamp, of what `take` would return next.
  [[nodiscard]] std::int64_t position() const noexcept { return heard_until_ + static_cast<std::int64_t>(stood_in_) - static_cast<std::int64_t>(waiting_); }

 private:
  static constexpr std::size_t kHistory = 240;  ///< 15 ms of what was heard last, for repeats
  static constexpr std::size_t kMostTaken = kMaxSentSamples;
  /// A frame, what a cut and its joint need beyond it, and the longest packet.
  static constexpr std::size_t kMostWaiting = kMostTaken + 2 * kHistory + kMaxPacketSamples;
  static constexpr std::size_t kRecent = 8;

  void produce(std::size_t missing, std::int64_t now) noexcept;
  void stand_in(std::size_t missing) noexcept;
  void conceal_hole(std::span<const std::uint8_t> packet_after) noexcept;
  void decode(const ReorderBuffer::Popped& packet, std::int64_t position) noexcept;
  void start_at(std::int64_t position, std::int64_t now) noexcept;
  void keep_silent(std::size_t samples) noexcept;

  void adapt(std::size_t frame, std::int64_t now) noexcept;
  void shorten(std::size_t frame, std::int64_t now, std::size_t most) noexcept;
  void lengthen(std::size_t frame, std::int64_t now) noexcept;
  void changed(std::int64_t now, bool far) noexcept;
  [[nodiscard]] std::size_t spare(std::size_t frame, std::int64_t now) const noexcept;
  [[nodiscard]] bool good_enough(float likeness, std::int64_t now) const noexcept;
  struct Leads {
    std::int64_t shortest{0};
    std::int64_t longest{0};
  };
  [[nodiscard]] Leads leads(std::size_t frame, std::int64_t from) const noexcept;
  [[nodiscard]] std::int64_t excess(std::size_t frame, std::int64_t now, std::int64_t cut = 0) const noexcept;
  [[nodiscard]] std::int64_t wanted_delay() const noexcept;
  /// Delay is given back only where this much more than needed is left: what is cut must not be repeated a second later.
  [[nodiscard]] std::int64_t reserve() const noexcept { return delays_.spread() / 8; }

  /// RTP time of a packet that is or was stored, in samples.
  [[nodiscard]] std::int64_t position_of(std::uint32_t timestamp) const noexcept {
    return timestamps_.peek(timestamp) * kAudioRateHz / clock_rate_hz_;
  }
  /// Where the next decoded sample goes.
  [[nodiscard]] std::int16_t* end() noexcept { return audio_.data() + kHistory + waiting_; }
  [[nodiscard]] std::span<std::int16_t> waiting() noexcept { return {audio_.data() + kHistory, waiting_}; }

  std::unique_ptr<LineCodec> codec_;
  std::uint32_t clock_rate_hz_;
  ReorderBuffer store_;
  TimestampUnwrapper timestamps_;
  DelayEstimator delays_;
  std::array<std::int64_t, kRecent> recent_{};  ///< where the last packets began, in RTP time
  std::size_t recent_count_{0};
  std::size_t recent_at_{0};

  std::array<std::int16_t, kHistory + kMostWaiting> audio_{};
  std::size_t waiting_{0};
  bool flowing_{false};           ///< false: nothing to say, so that the next packet may start when it suits
  std::int64_t heard_until_{0};   ///< RTP time of the end of what is decoded
  std::size_t stood_in_{0};       ///< samples made up since, as nothing was there
  std::int64_t hole_left_{0};     ///< samples still to be made up before the first packet stored
  std::size_t packet_samples_{kFrameSamples};
  std::int64_t unchanged_until_{0};  ///< no audio before that time is cut or repeated
  std::int64_t wanted_since_{0};
  bool wanted_{false};
  std::int64_t repeats_until_{0};  ///< packets count as repeating the one before them; not each of them does
  std::int64_t losses_until_{0};   ///< and as likely to get lost
  std::int64_t last_taken_{0};
  std::optional<std::uint8_t> noise_level_;  ///< of what begins with the next packet without audio
  Figures figures_;
};

}  // namespace offhook
