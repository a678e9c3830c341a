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

package dev.halley.web;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.mock.web.MockServletContext;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

import dev.halley.In;
import dev.halley.InOut;
import dev.halley.Out;
import dev.halley.annotation.EventSourceMapping;
import dev.halley.annotation.WebSocketMapping;
import dev.halley.web.elsewhere.PackagePrivateMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Methods that the proxy of their bean cannot intercept, so that method security and the
 * like would be passed by.
 */
class ProxiedBeansTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "PrivateMapping | is private, so that the proxy", "FinalMapping | is final, so that the proxy",
					"StaticMapping | is static, so that the proxy", "PrivateStream | is private, so that the proxy",
					"PrivateHandler | is private, so that the proxy", "FinalHandler | is final, so that the proxy",
					"PrivateAdvice | is private, so that the proxy",
					"Elsewhere | is package-private in a package, or of a class loader, that is not the proxy's" })
	void aMethodThatAProxyCannotInterceptFailsTheStart(String name, String problem) throws ClassNotFoundException {
		Class<?> type = Class.forName(ProxiedBeansTests.class.getName() + "$" + name);
		InvalidMappingException failure = catchThrowableOfType(InvalidMappingException.class,
				() -> refresh(type, ByClass.class));
		assertThat(failure).as("failure of the start").isNotNull();
		assertThat(failure.getProblem()).startsWith(problem);
		assertThat(failure.getMethod().getName()).isEqualTo("method");
		assertThat(failure.getRemedy()).contains("neither private nor final nor static");
	}

	@ParameterizedTest
	@ValueSource(classes = { PrivateMapping.class, FinalMapping.class, StaticMapping.class, PrivateHandler.class,
			PrivateAdvice.class, Elsewhere.class })
	void withoutAProxyAnyMethodWillDo(Class<?> type) {
		refresh(type).close();
	}

	@ParameterizedTest
	@ValueSource(classes = { PackagePrivateController.class, Protected.class, Inherited.class })
	void otherMethodsAreIntercepted(Class<?> type) throws Exception {
		try (TestServer server = TestServer.start(type, ByClass.class)) {
			assertThat(RawHandshake.to(server, "/x").send().status()).isEqualTo(500);
			server.bean(Guard.class).allowed = true;
			assertThat(RawHandshake.to(server, "/x").send().status()).isEqualTo(101);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { LazyController.class, PrototypeController.class })
	void aBeanThatIsMadeLaterIsLookedAtWhenItIsThere(Class<?> type) {
		try (TestServer server = TestServer.start(type, ByClass.class)) {
			server.bean(Guard.class).allowed = true;
			assertThat(RawHandshake.to(server, "/x").send().status()).isEqualTo(500);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "NotInInterface | is in none of the interfaces of its bean",
			"OnlyMappedInClass | has its mapping in the class, but the proxy of its bean has the annotations" })
	void aMappingThatAProxyOfInterfacesHidesFailsTheStart(String name, String problem) throws ClassNotFoundException {
		Class<?> type = Class.forName(ProxiedBeansTests.class.getName() + "$" + name);
		InvalidMappingException failure = catchThrowableOfType(InvalidMappingException.class,
				() -> refresh(type, ByInterface.class));
		assertThat(failure).as("failure of the start").isNotNull();
		assertThat(failure.getProblem()).startsWith(problem);
		assertThat(failure.getRemedy()).contains("interface").contains("proxyTargetClass = true");
	}

	@Test
	void aMappingInTheInterfaceIsServedThroughAProxyOfIt() {
		try (TestServer server = TestServer.start(MappedInInterface.class, ByInterface.class)) {
			server.bean(Guard.class).allowed = true;
			assertThat(RawHandshake.to(server, "/x").send().status()).isEqualTo(101);
		}
	}

	private static AnnotationConfigWebApplicationContext refresh(Class<?>... configuration) {
		AnnotationConfigWebApplicationContext application = new AnnotationConfigWebApplicationContext();
		application.setServletContext(new MockServletContext());
		// In this order, the beans of the application are there before the mappings
		application.register(configuration);
		application.register(PairTestConfiguration.class);
		application.refresh();
		return application;
	}

	static class Guard {

		private volatile boolean allowed;

		@Bean
		MethodInterceptor guard() {
			return (invocation) -> {
				if (!this.allowed) {
					throw new IllegalStateException("Not allowed");
				}
				return invocation.proceed();
			};
		}

		static BeanNameAutoProxyCreator proxies(boolean ofClasses) {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("proxiedBeansTests.*");
			creator.setInterceptorNames("guard");
			creator.setProxyTargetClass(ofClasses);
			return creator;
		}

	}

	@Configuration(value = "byClass", proxyBeanMethods = false)
	static class ByClass extends Guard {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return proxies(true);
		}

	}

	@Configuration(value = "byInterface", proxyBeanMethods = false)
	static class ByInterface extends Guard {

		@Bean
		static BeanNameAutoProxyCreator proxies() {
			return proxies(false);
		}

	}

	@Controller
	static class PrivateMapping {

		@WebSocketMapping("/x")
		private Out<String> method() {
			return Out.never();
		}

	}

	@Controller
	static class FinalMapping {

		@WebSocketMapping("/x")
		final Out<String> method() {
			return Out.never();
		}

	}

	@Controller
	static class StaticMapping {

		@WebSocketMapping("/x")
		static Out<String> method() {
			return Out.never();
		}

	}

	@Controller
	static class PrivateStream {

		@EventSourceMapping("/x")
		private Out<String> method() {
			return Out.never();
		}

	}

	@Controller
	static class PrivateHandler extends PackagePrivateController {

		@MessageExceptionHandler
		private String method(IllegalStateException ex) {
			return "";
		}

	}

	@Controller
	static class FinalHandler extends PackagePrivateController {

		@MessageExceptionHandler
		final String method(IllegalStateException ex) {
			return "";
		}

	}

	@ControllerAdvice
	static class PrivateAdvice {

		@MessageExceptionHandler
		private String method(IllegalStateException ex) {
			return "";
		}

	}

	@Controller
	static class PackagePrivateController {

		@WebSocketMapping("/x")
		InOut<String, String> endpoint() {
			return InOut.of(In.ignore(), Out.never());
		}

	}

	@Controller
	static class Protected {

		@WebSocketMapping("/x")
		protected Out<String> method() {
			return Out.never();
		}

	}

	@Controller
	static class Inherited extends PackagePrivateController {

	}

	@Controller
	static class Elsewhere extends PackagePrivateMapping {

	}

	@Lazy
	@Controller
	static class LazyController extends PrivateMapping {

	}

	@Controller
	@Scope(BeanDefinition.SCOPE_PROTOTYPE)
	static class PrototypeController extends PrivateMapping {

	}

	interface Greeting {

		String greeting();

	}

	interface Live {

		Out<String> live();

	}

	public interface MappedLive {

		@WebSocketMapping("/x")
		Out<String> live();

	}

	@Controller
	static class NotInInterface implements Greeting {

		@Override
		public String greeting() {
			return "Hello!";
		}

		@WebSocketMapping("/x")
		Out<String> live() {
			return Out.of(greeting());
		}

	}

	@Controller
	static class OnlyMappedInClass implements Live {

		@Override
		@WebSocketMapping("/x")
		public Out<String> live() {
			return Out.never();
		}

	}

	@Controller
	static class MappedInInterface implements MappedLive {

		@Override
		public Out<String> live() {
			return Out.never();
		}

	}

}
