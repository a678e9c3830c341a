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

package dev.halley.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureWebMvc;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of an application's live connections alone, without a server: a slice of Spring
 * Boot's kind, with {@link PairTesters} to inject.
 *
 * <pre class="code">
 * &#064;HalleyTest(RoomController.class)
 * class RoomTests {
 *
 *     &#064;Autowired
 *     PairTesters testers;
 *
 *     &#064;MockitoBean
 *     Archive archive;
 *
 *     &#064;Test
 *     void talks() {
 *         this.testers.webSocket("/rooms/1?name=Ada", Say.class, Said.class)
 *             .send(new Say("Hello"))
 *             .expect(new Said("Ada", "Hello"));
 *     }
 *
 * }
 * </pre>
 *
 * Of the application's components it has:
 * <ul>
 * <li>those with {@code @WebSocketMapping}, {@code @EventSourceMapping} or
 * {@code @CometMapping} methods, and those with {@code @RequestMapping} methods that
 * return an {@link dev.halley.Out}: all, or the {@link #controllers()} that are named;
 * other controllers are left out</li>
 * <li>{@code @ControllerAdvice} with its exception handlers for handshakes and
 * messages</li>
 * <li>{@link dev.halley.codec.MessageCodec} and {@link dev.halley.ContextCapture}, and
 * what configures Jackson: {@code @JacksonComponent} and {@code JacksonModule}</li>
 * <li>what configures Spring MVC: {@code WebMvcConfigurer}, {@code Converter},
 * {@code HandlerMethodArgumentResolver}, {@code HandlerInterceptor}, {@code Filter} and
 * their like</li>
 * <li>{@code SecurityFilterChain} and what else configures Spring Security, where that is
 * there; {@code @WithMockUser} counts</li>
 * </ul>
 * and of auto-configuration Halley, Spring MVC, Jackson, validation, and Spring Security
 * with Boot's tests of it. Hubs live in memory, whatever {@code halley.hub.broker} of the
 * application says; {@link #properties()} may say otherwise. There is no database, and
 * none of the application's services: add what a controller needs by
 * {@code @MockitoBean}, {@code @Import} or {@link #includeFilters()}.
 * <p>
 * It needs {@code spring-boot-starter-webmvc-test}, and for Spring Security
 * {@code spring-boot-starter-security-test}. A slice in which nothing is mapped does not
 * start, and tells what to write.
 *
 * @since 0.1
 * @see PairTesters
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(HalleyTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(HalleyTypeExcludeFilter.class)
@AutoConfigureWebMvc
@AutoConfigureMockMvc
@ImportAutoConfiguration
public @interface HalleyTest {

	/**
	 * Properties that count for more than those of the application.
	 * @return lines such as {@code halley.limits.max-connections=2}
	 */
	String[] properties() default {};

	/**
	 * Another name of {@link #controllers()}.
	 * @return the controllers
	 */
	@AliasFor("controllers")
	Class<?>[] value() default {};

	/**
	 * Which controllers are tested: components of the application, that is those that its
	 * component scan finds, or that are imported.
	 * @return the controllers; none for all that have a mapping
	 */
	@AliasFor("value")
	Class<?>[] controllers() default {};

	/**
	 * Whether the slice has what it has by default, beside the {@link #includeFilters()}.
	 * @return whether it does
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Which components of the application are there in addition.
	 * @return filters, one of which matches
	 */
	Filter[] includeFilters() default {};

	/**
	 * Which components of the application are left out.
	 * @return filters, one of which matches
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Which auto-configurations are left out.
	 * @return their classes
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
