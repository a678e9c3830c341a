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

package dev.halley.boot

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.BlockingQueue
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

import jakarta.validation.Valid
import jakarta.validation.constraints.NotBlank
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.reactive.asFlow
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.springframework.beans.factory.BeanCreationException
import org.springframework.boot.SpringBootConfiguration
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Import
import org.springframework.http.HttpStatus
import org.springframework.http.ResponseEntity
import org.springframework.messaging.handler.annotation.MessageExceptionHandler
import org.springframework.security.config.annotation.web.builders.HttpSecurity
import org.springframework.security.web.SecurityFilterChain
import org.springframework.stereotype.Controller
import org.springframework.web.bind.annotation.PathVariable

import dev.halley.In
import dev.halley.InOut
import dev.halley.Out
import dev.halley.annotation.EventSourceMapping
import dev.halley.annotation.WebSocketMapping
import dev.halley.codec.InvalidMessageException
import dev.halley.web.InvalidMappingException
import dev.halley.web.RawStream

/**
 * What a controller in Kotlin looks like, and that it works.
 */
internal class KotlinTests {

	private fun start(server: Server): ServletWebServerApplicationContext = server.start(KotlinApplication::class.java)

	@Test
	fun whatIsDocumentedIsWhatIsTested() {
		val source = Files.readString(Path.of("src/test/kotlin/dev/halley/boot/KotlinTests.kt")).replace(Regex("\\s+"), " ")
		val documented = Files.readString(Path.of("../docs/kotlin.md"))
			.substringAfter("```kotlin\n")
			.substringBefore("```")
			.trim()
			.split("\n\n")
		assertThat(documented).hasSizeGreaterThan(4)
			.allSatisfy { assertThat(source).contains(it.replace(Regex("\\s+"), " ")) }
	}

	@ParameterizedTest
	@EnumSource
	fun aSuspendingFunctionAcceptsLater(server: Server) {
		start(server).use { context ->
			val client = TestClient.connect(Server.url(context, "/rooms/blue")).send("""{"text":"hello"}""")
			assertThat(client.next()).isEqualTo("""{"room":"blue","text":"hello","urgent":false}""")
			client.send("""{"text":"now","urgent":true}""")
			assertThat(client.next()).isEqualTo("""{"room":"blue","text":"now","urgent":true}""")
			client.send("""{"urgent":true}""")
			assertThat(client.next()).startsWith("closed 1003")
		}
	}

	@ParameterizedTest
	@EnumSource
	fun aSuspendingFunctionRefuses(server: Server) {
		start(server).use { context ->
			assertThat(TestClient.refusal(Server.url(context, "/rooms/closed"))).isEqualTo(403)
			assertThat(TestClient.refusal(Server.url(context, "/rooms/broken"))).isEqualTo(500)
		}
	}

	@ParameterizedTest
	@EnumSource
	fun flowsComeInAndGoOut(server: Server) {
		start(server).use { context ->
			val client = TestClient.connect(Server.url(context, "/flows"))
			assertThat(listOf(client.next(), client.next())).containsExactly("one", "two")
			client.send("in")
			assertThat(context.getBean(KotlinController::class.java).received.poll(30, TimeUnit.SECONDS)).isEqualTo("IN")
			client.close()
		}
	}

	@ParameterizedTest
	@EnumSource
	fun handlersNeedNoTypeArguments(server: Server) {
		start(server).use { context ->
			val client = TestClient.connect(Server.url(context, "/plain")).send("hello")
			assertThat(client.next()).isEqualTo("Welcome!")
			assertThat(context.getBean(KotlinController::class.java).received.poll(30, TimeUnit.SECONDS)).isEqualTo("hello")
			client.close()
		}
	}

	@ParameterizedTest
	@EnumSource
	fun constraintsOfDataClassesAreChecked(server: Server) {
		start(server).use { context ->
			val client = TestClient.connect(Server.url(context, "/valid")).send("""{"text":" "}""")
			assertThat(client.next()).isEqualTo("say something")
			client.close()
			assertThat(context.getBean(KotlinController::class.java).received.poll(30, TimeUnit.SECONDS)).isEqualTo("done")
		}
	}

	@ParameterizedTest
	@EnumSource(names = ["TOMCAT_NATIVE", "JETTY"])
	fun aSuspendingFunctionMakesAnEventStream(server: Server) {
		start(server).use { context ->
			RawStream.get(Server.port(context), "/events", "Accept: text/event-stream").use { stream ->
				assertThat(stream.status()).isEqualTo(200)
				assertThat(stream.until("two")).contains("data: one\n\n", "data: two")
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = ["TOMCAT_NATIVE"])
	fun aSuspendingFunctionWithoutAPairIsFoundAtTheStart(server: Server) {
		assertThatExceptionOfType(BeanCreationException::class.java)
			.isThrownBy { server.start(MistakenController::class.java).close() }
			.havingRootCause()
			.isInstanceOf(InvalidMappingException::class.java)
			.withMessageContaining("MistakenController.nothing")
			.withMessageContaining("returns java.lang.String")
	}

}

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(KotlinController::class)
internal class KotlinApplication {

	@Bean
	fun security(http: HttpSecurity): SecurityFilterChain =
		http.authorizeHttpRequests { it.anyRequest().permitAll() }.build()

}

internal data class Say(@field:NotBlank val text: String, val urgent: Boolean = false)

internal data class Said(val room: String, val text: String, val urgent: Boolean)

@Controller
internal class KotlinController {

	val received: BlockingQueue<String> = LinkedBlockingQueue()

	@WebSocketMapping("/rooms/{room}")
	suspend fun room(@PathVariable room: String): ResponseEntity<InOut<Say, Said>> {
		if (mayEnter(room)) {
			return ResponseEntity.ok(InOut.flow { says -> says.map { Said(room, it.text, it.urgent) } })
		}
		return ResponseEntity.status(HttpStatus.FORBIDDEN).build()
	}

	private suspend fun mayEnter(room: String): Boolean {
		delay(10)
		check(room != "broken") { "No such room" }
		return room != "closed"
	}

	@WebSocketMapping("/flows")
	suspend fun flows(): InOut<String, String> {
		delay(10)
		return InOut.of(In.throughReactive { it.asFlow().map(String::uppercase).onEach(received::add) }, Out.from(words()))
	}

	@EventSourceMapping("/events")
	suspend fun events(): Out<String> {
		delay(10)
		return Out.from(words())
	}

	private fun words(): Flow<String> = flow {
		emit("one")
		delay(10)
		emit("two")
	}

	@WebSocketMapping("/plain")
	fun plain(): InOut<String, String> = InOut.of(In.forEach { received.add(it) }, Out.of("Welcome!"))

	@Valid
	@WebSocketMapping("/valid")
	fun valid(): InOut<Say, String> =
		InOut.of(In.forEach<Say> { received.add(it.text) }.whenDone { _ -> received.add("done") }, Out.never())

	@MessageExceptionHandler
	fun invalid(@Suppress("unused") ex: InvalidMessageException): String = "say something"

}

@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Controller
internal class MistakenController {

	@WebSocketMapping("/nothing")
	suspend fun nothing(): String {
		delay(10)
		return "nothing"
	}

}
