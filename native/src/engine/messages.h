#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "clock.h"
#include "dsp/cadence.h"
#include "dsp/echo_canceller.h"
#include "dsp/tone_tracker.h"
#include "endpoint.h"
#include "line_codec.h"
#include "record/wav_recorder.h"
#include "rtp/srtp.h"
#include "sound_loop.h"

namespace offhook {

class Session;

/// What an offer/answer settled, in the engine's terms. Built by the control thread, then owned by the media thread until
/// it is retired.
struct SessionConfig {
  std::unique_ptr<LineCodec> codec;  ///< null: the running one stays
  /// Makes another one like `codec`. Taken by the control thread on the way.
  std::function<std::unique_ptr<LineCodec>()> make_codec;
  std::unique_ptr<LineCodec> listener_codec;  ///< for the jitter buffer, where the session has one
  std::uint8_t payload_type{0};
  std::uint32_t clock_rate_hz{8'000};
  std::uint32_t ptime_ms{20};  ///< of what we send: 10, 20, 30, 40 or 60
  OpusTerms opus;
  /// Of comfort noise that comes in; it comes unasked too.
  std::optional<std::uint8_t> noise_payload_type;
  /// Comfort noise takes the place of our silence.
  bool suppresses_silence{false};
  std::optional<std::uint8_t> event_payload_type;
  std::uint32_t event_clock_rate_hz{8'000};
  /// Key presses travel as tones in the audio, both ways.
  bool in_band_digits{false};
  bool tracks_tones{false};
  std::optional<Endpoint> announced;
  /// With `secured` set, a null one stays what it was: its rollover count must not begin anew.
  std::unique_ptr<SrtpReceiver> srtp_in;
  std::unique_ptr<SrtpSender> srtp_out;
  /// Taken by the control thread, which does RTCP, on the way.
  std::unique_ptr<SrtcpReceiver> srtcp_in;
  std::unique_ptr<SrtcpSender> srtcp_out;
  bool secured{false};
  EchoMode echo{EchoMode::off};
  bool wide{false};  ///< the codec carries more than 4 kHz
  bool sends{true};
  bool receives{true};
};

enum class Source : std::uint8_t { queue, echo, tone, sound, bridge };

/// A recording to be played round and round, at a gain, and at another one under speech.
struct SoundOrder {
  const Sound* sound{nullptr};  ///< null: none
  float level{1};
  float level_under_speech{1};
};

/// One key press to be sent.
struct DigitOrder {
  char digit{0};
  std::uint32_t duration_ms{0};
  std::uint32_t gap_ms{0};           ///< silence after it
  std::int64_t position{0};          ///< starts when playout has reached this
  std::uint32_t queue_generation{0};  ///< or when the queue was flushed since
};

/// What of a session others hear: what its far end says, or what that is told from here.
enum class Hearing : std::uint8_t { said, told };

/// Control thread -> media thread.
struct Command {
  enum class Type : std::uint8_t { attach, configure, set_source, bridge, hear, unhear, inject, monitor, background, set_gain, expect_loss, send_digit, record, pause_recording, detach };
  Type type{Type::attach};
  Session* session{nullptr};
  SessionConfig* config{nullptr};
  WavRecorder::Recording* recording{nullptr};
  bool paused{false};  ///< of the recording; false: it goes on
  bool monitored{false};
  Source source{Source::queue};
  ToneOrder tone;
  SoundOrder sound;  ///< as source, or in the background
  Session* other{nullptr};  ///< of a bridge, or who is heard
  Hearing hearing{Hearing::said};
  int loss_percent{0};
  float gain{1};
  std::uint32_t ramp_samples{0};
  DigitOrder digit;
};

/// Media thread -> control thread.
struct Event {
  enum class Type : std::uint8_t { digit, mark, drained, latched, refill, retired, detached, recording_failed, recording_let_go, tone };
  Type type{Type::digit};
  char digit{0};
  std::uint32_t slot{0};
  std::uint32_t generation{0};
  std::uint32_t mark_id{0};
  double duration_ms{0};
  ToneTracker::Sound tone;
  MonotonicNs at{0};
  Endpoint endpoint;
  SessionConfig* retired{nullptr};
  WavRecorder::Recording* recording{nullptr};
};

/// Where the parts of a session put events; called on the media thread.
class EventSink {
 public:
  virtual void emit(const Event& event) noexcept = 0;

 protected:
  ~EventSink() = default;
};

}  // namespace offhook
