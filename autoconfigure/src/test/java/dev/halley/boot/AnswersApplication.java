/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.boot;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.halley.Channel;
import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.CometMapping;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.sse.EventStream;

/**
 * Answers questions as language models do: by POST, token by token.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(AnswersApplication.AnswersController.class)
class AnswersApplication {

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.csrf(AbstractHttpConfigurer::disable)
			.cors(Customizer.withDefaults())
			.build();
	}

	@Bean
	CorsConfigurationSource corsConfigurationSource() {
		CorsConfiguration configuration = new CorsConfiguration();
		configuration.setAllowedOrigins(List.of("https://page.example.org"));
		configuration.setAllowedMethods(List.of("GET", "POST"));
		configuration.setAllowedHeaders(List.of("content-type"));
		configuration.setAllowCredentials(true);
		UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
		source.registerCorsConfiguration("/**", configuration);
		return source;
	}

	@Bean
	Answers answers() {
		return new Answers(new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());
	}

	record Question(@NotBlank String text) {
	}

	record Token(String token) {
	}

	record Problem(String problem) {
	}

	/**
	 * What the endpoints did.
	 *
	 * @param channels those that were opened
	 * @param ends a word for each connection that ended
	 * @param gates what uploads wait for before they read their file
	 */
	record Answers(BlockingQueue<Channel<Token>> channels, BlockingQueue<String> ends,
			BlockingQueue<CompletableFuture<String>> gates) {
	}

	@RestController
	static class AnswersController {

		private final Answers answers;

		AnswersController(Answers answers) {
			this.answers = answers;
		}

		@MessageExceptionHandler
		Problem fail(UnsupportedOperationException ex) {
			return new Problem("no answer");
		}

		private Out<Token> answer(Question question) {
			return Out.of(question.text().split(" ")).map(Token::new);
		}

		@EventSourceMapping(path = "/answers", method = RequestMethod.POST)
		Out<Token> mapped(@Valid @RequestBody Question question) {
			return answer(question);
		}

		@PostMapping(path = "/ordinary", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		ResponseEntity<Out<Token>> ordinary(@Valid @RequestBody Question question) {
			return ResponseEntity.ok().header("X-Model", "m1").body(answer(question));
		}

		@PostMapping("/emitted")
		ResponseBodyEmitter emitted(@Valid @RequestBody Question question) {
			return EventStream.emit(answer(question));
		}

		@EventSourceMapping(path = "/live", method = RequestMethod.POST, heartbeat = "300ms")
		InOut<Void, Token> live(@RequestBody Question question) {
			return InOut.of(In.<Void>ignore().whenDone(() -> this.answers.ends().add("ended")),
					Out.unicast(this.answers.channels()::add));
		}

		@EventSourceMapping(path = "/uploads", method = RequestMethod.POST)
		Out<String> mapped(@RequestPart MultipartFile file) {
			return Out.of("ready").andThen(content(file));
		}

		@PostMapping(path = "/ordinary-uploads", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Out<String> ordinary(@RequestPart MultipartFile file) {
			return Out.of("ready").andThen(content(file));
		}

		@PostMapping("/emitted-uploads")
		ResponseBodyEmitter emitted(@RequestPart MultipartFile file) {
			return EventStream.emit(Out.of("ready").andThen(content(file)));
		}

		private Out<String> content(MultipartFile file) {
			CompletableFuture<String> gate = new CompletableFuture<>();
			this.answers.gates().add(gate);
			return Out.from(Mono.fromFuture(gate)
				.then(Mono.fromCallable(() -> new String(file.getBytes(), StandardCharsets.UTF_8))));
		}

		@EventSourceMapping(path = "/failing", method = { RequestMethod.GET, RequestMethod.POST }, reconnect = false)
		@CometMapping(path = "/failing", callback = "f", endCallback = "over", reconnect = false)
		Out<Token> failing() {
			return Out.of(new Token("x"))
				.andThen(Out.from(Flux.<Token>error(new UnsupportedOperationException("secret"))
					.delaySubscription(Duration.ofMillis(10))));
		}

	}

}
